"""Searching a space: the best designs that meet every constraint, found, kept and explained."""
