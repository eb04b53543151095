"""Plots of a run's results.

A plot is a module with ``draw(found) -> Figure | None`` (nothing where there is nothing to see),
``TITLE`` and ``caption(found)``. Colours come from :mod:`~archdsl.searching.results.plots.style`
alone, so that a page can show them light and dark.
"""
