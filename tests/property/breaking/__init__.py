"""Ways to break a spec in one place, each with the codes that are right for it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.property.breaking.anatomy import Anatomy

    Break = Callable[[Anatomy], "Broken | None"]


class Broken(NamedTuple):
    """A text, and the part of it (from, up to) that is wrong."""

    text: str
    start: int
    end: int


class Mutation(NamedTuple):
    """A way to break a spec. It gives None where a spec has no place for it."""

    name: str
    codes: frozenset[str]
    write: Break


HOMES = ("words", "values", "shapes", "clauses", "marks")
MUTATIONS: list[Mutation] = []


def mutation(*codes: str) -> Callable[[Break], Break]:
    """Register a way to break a spec, and the codes of which one must be told."""

    def register(write: Break) -> Break:
        MUTATIONS.append(Mutation(write.__name__, frozenset(codes), write))
        return write

    return register


def all_mutations() -> list[Mutation]:
    """Every way to break a spec."""
    for home in HOMES:
        import_module(f"tests.property.breaking.{home}")
    return MUTATIONS
