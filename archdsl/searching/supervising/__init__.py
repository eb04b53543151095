"""Supervision: each trial where it can harm nothing else, watched until it ends."""
