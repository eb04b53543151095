"""``search auto``: what is best when nothing is known."""

from __future__ import annotations

from archdsl.searching.strategies.surrogate import Surrogate


class Auto(Surrogate):
    """The strategy that found the best designs in published tables of results after 50, 100 and
    200 trials (docs/search_benchmark.md): ``surrogate``."""
