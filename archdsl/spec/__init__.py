"""The clauses of a spec as pydantic models with closed schemas.

``archdsl/spec/<clause>/<word>.py`` holds what ``<clause> <word>(…)`` may say, one class named after
the word; found by listing, imported when first written.
"""
