"""Device profiles that ship, each a ``device`` statement in the file of its name."""
