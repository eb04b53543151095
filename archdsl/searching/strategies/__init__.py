"""How a search goes about it: one file is one strategy, found by its word in ``search WORD(…)``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from archdsl.spec.catalog import find, words

if TYPE_CHECKING:
    from archdsl.searching.strategies.base import Strategy

CLAUSE = "search"


def strategy(word: str) -> type[Strategy]:
    """The class of a strategy. Raises KeyError for a word that is none."""
    if word not in words(CLAUSE):
        raise KeyError(word)
    module = import_module(f"archdsl.searching.strategies.{word}")
    found: type[Strategy] = getattr(module, find(CLAUSE, word).__name__)  # type: ignore[union-attr]
    return found
