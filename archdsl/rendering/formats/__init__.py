"""The formats of diagnostics."""
