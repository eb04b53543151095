"""Ways from no design or some to another: drawn, nearest to a wish, mutated, crossed.

What they give is valid as far as the space is described: it may still miss a requirement that could
not be proven of the space, or break a principle.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import design_of, drawn_with, shown_path
from archdsl.evaluate.points import ContinuousPoint
from archdsl.space.drawing import drawn
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.nearest import nearest
from archdsl.space.permutation import Permutation
from archdsl.space.shares import shares

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from random import Random

    from archdsl.evaluate.points import ChoicePoint
    from archdsl.evaluate.program import Program
    from archdsl.space.space import Space

    Design = dict[str, Any]

DRAWN = 64  # designs from which the choices are learned of a space that takes too much to describe
TRIES = 64  # designs evaluated for one of those that fits together
STEP = 0.2  # a continuous choice is moved by about so much of its scale


class Choice(NamedTuple):
    """A choice of a space: its path in a design, and its options; of a continuous one ``point``
    says from where to where it goes, and ``options`` is empty."""

    path: str
    options: tuple[Any, ...]
    point: ChoicePoint

    @property
    def is_continuous(self) -> bool:
        return isinstance(self.point, ContinuousPoint)

    def others(self, value: Any, random: Random) -> list[Any]:
        """What it could be instead of a value, in random order; of a continuous choice a number
        near it and one anywhere."""
        if isinstance(self.point, ContinuousPoint):
            share = self.point.share(value) + random.gauss(0, STEP)
            return [self.point.at(min(max(share, 0.0), 1.0)), self.point.at(random.random())]
        same = (type(value), value)
        others = [option for option in self.options if (type(option), option) != same]
        random.shuffle(others)
        return others


class DesignSource(Protocol):
    """Where designs come from. ``count`` is how many there are, None where that is not known."""

    @property
    def count(self) -> int | None: ...

    @property
    def choices(self) -> tuple[Choice, ...]: ...

    def drawn(self, random: Random) -> Design | None:
        """Any design, each as likely as any other where they can be counted."""

    def nearest(
        self, wish: Mapping[str, Any], random: Random, fixed: Collection[str] = ()
    ) -> Design | None:
        """A design that differs from a wish in few choices, in none of the ``fixed`` ones; None
        where there is none such."""

    def every(self, seed: int) -> Iterator[Design]:
        """All designs, each once, in an order that depends on the seed; none where they cannot be
        counted."""


def designs_of(space: Space) -> DesignSource:
    """The designs of a space; where it takes too much to be described, by evaluating them."""
    try:
        space.valid()
        return Described(space)
    except Unexplorable:
        return Undescribed(space.program)


class Described:
    """The valid designs of a space that is described as a whole."""

    def __init__(self, space: Space) -> None:
        self.space = space
        valid = space.valid()
        self.count: int | None = valid.count
        self._designs = valid.designs if valid.count else None

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        fitting = self.space.fitting()
        try:
            found = shares(fitting.node) if fitting.count else {}
        except Unexplorable:
            return met(self.space.program)
        return tuple(
            Choice(name, () if _is_interval(one.point) else _labels(one.options), one.point)
            for name, one in found.items()
            if _is_interval(one.point) or len(one.options) > 1
        )

    def drawn(self, random: Random) -> Design | None:
        if self._designs is None:
            return None
        read = self._designs.read(random.randrange(self._designs.count))
        return drawn(read, random).design

    def nearest(
        self, wish: Mapping[str, Any], random: Random, fixed: Collection[str] = ()
    ) -> Design | None:
        if self._designs is None:
            return None
        return nearest(self._designs.reader.sites, wish, random, fixed)

    def every(self, seed: int) -> Iterator[Design]:
        if self._designs is None:
            return
        for rank in Permutation(self._designs.count, seed).starting():
            yield self._designs.design(rank)


class Undescribed:
    """The designs of a program that takes too much to be described: each choice is answered in
    turn, and what does not fit together is drawn again."""

    count: int | None = None

    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """Those that were met in some designs drawn."""
        return met(self.program)

    def drawn(self, random: Random) -> Design | None:
        return self.nearest({}, random)

    def nearest(
        self, wish: Mapping[str, Any], random: Random, fixed: Collection[str] = ()
    ) -> Design | None:
        for _ in range(TRIES):
            evaluation = self.program.attempt(_answering(wish, random))
            if isinstance(evaluation, SpecError):
                continue
            design = design_of(evaluation)
            if all(design.get(name, design) == wish[name] for name in fixed):
                return design
        return None

    def every(self, seed: int) -> Iterator[Design]:
        return iter(())


def met(program: Program) -> tuple[Choice, ...]:
    """The choices that some designs drawn at random make, with all of their options."""
    points: dict[str, ChoicePoint] = {}
    for seed in range(DRAWN):
        evaluation = program.attempt(drawn_with({}, seed))
        for path, point, _ in () if isinstance(evaluation, SpecError) else evaluation.asked:
            points.setdefault(shown_path(path), point)
    return tuple(
        Choice(name, () if _is_interval(point) else tuple(point.labels), point)
        for name, point in points.items()
        if _is_interval(point) or point.size > 1
    )


def _answering(wish: Mapping[str, Any], random: Random) -> Any:
    """Answers as wished, and what is not wished or not offered at random."""

    def answer(path: str, point: ChoicePoint) -> Any:
        name = shown_path(path)
        found = point.find(wish[name]) if name in wish else None
        return point.at(random.random()) if found is None else found

    return answer


def mutated(
    designs: DesignSource, design: Mapping[str, Any], random: Random, changes: int = 1
) -> Design | None:
    """A design with ``changes`` choices of another one changed, the rest as near to it as that
    allows. Each choice is as likely to be changed as any other. None where nothing can be changed.
    """
    known = {choice.path: choice for choice in designs.choices}
    paths = [path for path in design if path in known]
    random.shuffle(paths)
    wish, fixed = dict(design), []
    for path in paths:
        for value in known[path].others(design[path], random)[:1]:
            wish[path] = value
            fixed.append(path)
        if len(fixed) == changes:
            break
    return designs.nearest(wish, random, fixed) if fixed else None


def crossed(
    designs: DesignSource, one: Mapping[str, Any], other: Mapping[str, Any], random: Random
) -> Design | None:
    """A design that is near to a mixture of two: each choice as in either of them, evenly."""
    both = {name: random.choice((one, other)) for name in {**one, **other}}
    wish = {name: (by if name in by else {**one, **other})[name] for name, by in both.items()}
    return designs.nearest(wish, random)


def neighbours(
    designs: DesignSource, design: Mapping[str, Any], random: Random
) -> Iterator[Design]:
    """For each option of each choice the nearest design that has it instead, in random order."""
    known = {choice.path: choice for choice in designs.choices}
    moves = [
        (path, value)
        for path in design
        if path in known
        for value in known[path].others(design[path], random)
    ]
    random.shuffle(moves)
    for path, value in moves:
        found = designs.nearest({**design, path: value}, random, (path,))
        if found is not None and found != design:
            yield found


def _is_interval(point: ChoicePoint) -> bool:
    return isinstance(point, ContinuousPoint)


def _labels(options: Mapping[tuple[type, Any], int]) -> tuple[Any, ...]:
    return tuple(label for _, label in options)
