"""How each op and block may be written so that it is right, and what it gives.

A recipe is an independent account of a word: it does the arithmetic of shapes by itself, and is
held against both the compiler and PyTorch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from archdsl.ops import catalog
from archdsl.resolve.blocks import library

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.types import TensorType
    from tests.property.pen import Pen, Step

    Write = Callable[[Pen, TensorType], Step | None]


class Recipe(NamedTuple):
    """A way to write ``word`` behind a tensor; ``keeps`` when it gives what it takes."""

    word: str
    kinds: tuple[str, ...]
    keeps: bool
    write: Write


GRIDS = ("image", "volume", "sequence")
FEATURES = (*GRIDS, "vector", "nodes")
ROWS = ("vector", "sequence", "nodes")

RECIPES: list[Recipe] = []
HOMES = ("windows", "pointwise", "shapes", "sequences", "graphs", "merges", "blocks")


def recipe(word: str, *kinds: str, keeps: bool = False) -> Callable[[Write], Write]:
    """Register how a word is written, for some kinds of tensors; for none, where the recipe is that
    of several words and drawn for the last of them."""

    def register(write: Write) -> Write:
        RECIPES.append(Recipe(word, kinds, keeps, write))
        return write

    return register


def known(word: str) -> bool:
    """Whether the language has a word."""
    return catalog.find(word) is not None or word in library()


def all_recipes() -> list[Recipe]:
    """Every recipe whose word the language has."""
    for home in HOMES:
        import_module(f"tests.property.recipes.{home}")
    return [recipe for recipe in RECIPES if known(recipe.word)]
