"""The shapes of what commands print as JSON: one document is one file, found by listing.

A module has ``DOCUMENT``, a pydantic adapter of the document's type.
"""
