"""What a search came to, told: read from its run, compared with another, drawn, and left as files
that need no search."""
