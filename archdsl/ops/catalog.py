"""All ops, found by listing ``archdsl/ops/<family>/<word>.py``; imported when first asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from archdsl.catalog import module_names

if TYPE_CHECKING:
    from archdsl.ops.base import Op


def words() -> tuple[str, ...]:
    """The names of all ops."""
    return tuple(module_names("archdsl.ops"))


@cache
def find(word: str) -> type[Op] | None:
    """The op of a word of the language, or None."""
    module = module_names("archdsl.ops").get(word)
    if module is None:
        return None
    op: type[Op] = getattr(import_module(module), _camel(word))
    return op


def family(word: str) -> str:
    """The family an op belongs to: the folder it lies in."""
    return module_names("archdsl.ops")[word].split(".")[-2]


def _camel(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("_"))
