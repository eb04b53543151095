"""What can be written at a place: each module proposes words of one kind."""
