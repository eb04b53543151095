"""The grammar as other tools read it, one file each, found by listing.

A module has a class, its name the word in CamelCase, which is an
:class:`~archdsl.syntax.export.Export`.
"""
