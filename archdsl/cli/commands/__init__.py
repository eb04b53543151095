"""The commands: each module here has a ``command``."""
