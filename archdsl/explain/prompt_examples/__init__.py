"""Whole specs that :mod:`archdsl.explain.prompt` shows."""
