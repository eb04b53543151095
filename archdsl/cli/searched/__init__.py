"""What a search came to, for people and as documents."""
