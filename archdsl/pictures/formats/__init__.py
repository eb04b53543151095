"""One format of pictures is one file."""
