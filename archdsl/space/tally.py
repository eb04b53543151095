"""How many designs lead to each outcome: the arithmetic of counting a space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Shape = tuple[Any, ...]  # which choice points there are, nested: equal shapes have the same designs


class Outcome(NamedTuple):
    """What flows out, and what was settled on the way for the scopes that are chosen once."""

    type: Any
    memory: Memory


class Settled(NamedTuple):
    """A scope whose choices are made: how its choice points look, and what it gave for what."""

    shape: int
    key: Hashable
    type: Any
    uniform: bool


class Memory(tuple[tuple[str, Settled], ...]):
    """The scopes settled so far, as (scope, Settled) pairs in the order they were."""

    __slots__ = ()

    def find(self, scope: str) -> Settled | None:
        for name, settled in self:
            if name == scope:
                return settled
        return None

    def adding(self, scope: str, settled: Settled) -> Memory:
        return Memory((*self, (scope, settled)))


class Tally(NamedTuple):
    """Designs by outcome, and the interned shape of the choice points met."""

    counts: dict[Outcome, int]
    shape: Shape


class Uncountable(Exception):
    """Copies of one design behave differently: only trying all of them counts these."""


def certain(outcome: Outcome) -> Tally:
    """No choices: one design."""
    return Tally({outcome: 1}, ())


def add(counts: dict[Outcome, int], more: dict[Outcome, int], times: int = 1) -> None:
    """Add the designs of a tally, each ``times`` over."""
    for outcome, count in more.items():
        counts[outcome] = counts.get(outcome, 0) + times * count


def then(first: Tally, step: Callable[[Outcome], Tally]) -> Tally:
    """A tally followed by a step for each of its outcomes."""
    counts: dict[Outcome, int] = {}
    shapes: list[Shape] = []
    for outcome, count in first.counts.items():
        after = step(outcome)
        add(counts, after.counts, count)
        shapes.append(after.shape)
    return Tally(counts, join(first.shape, alike(shapes)))


def alike(shapes: list[Shape]) -> Shape:
    """The shape of what follows several outcomes: one when they agree."""
    distinct = list(dict.fromkeys(shapes))
    if len(distinct) == 1:
        return distinct[0]
    return (("depends", *distinct),) if distinct else ()


def join(*shapes: Shape) -> Shape:
    """Independent choice points side by side."""
    return tuple(part for shape in shapes for part in shape)
