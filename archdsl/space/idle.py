"""Choices that change nothing: options that make the same network in every design of a space.

Two designs are the same network where they have the same ops, with the same arguments and wired
alike, and are trained alike. Options are told only when all designs were tried: each design with
the one has to be there with the other in its place, and be the same network.
"""

from __future__ import annotations

from functools import reduce
from operator import xor
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.designs import shown_path
from archdsl.evaluate.points import ContinuousPoint
from archdsl.graph.flat import Flat

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from archdsl.evaluate.points import ChoicePoint
    from archdsl.evaluate.program import Evaluation
    from archdsl.source import Span


class IdleChoice(NamedTuple):
    """A choice by its path, and its options in groups: those of one make the same network."""

    path: str
    point: ChoicePoint
    groups: tuple[tuple[Any, ...], ...]


def idle_choices(designs: Sequence[Evaluation]) -> Iterator[IdleChoice]:
    """The choices of which some options change nothing, in any of the ``designs``: all that a space
    has; and those that have one option alone. What stands in one place of the source is told of
    once, for all of its paths."""
    space = _Designs(designs)
    places: dict[Span, list[IdleChoice]] = {}
    for path, point in space.points.items():
        idle = IdleChoice(path, point, tuple(space.alike(path)))
        places.setdefault(point.span, []).append(idle)
    for choices in places.values():
        together = _together(choices)
        several = any(c.path in space.several for c in choices)
        if any(len(group) > 1 for group in together) or (len(together) == 1 and not several):
            yield choices[0]._replace(groups=together)


def _together(choices: list[IdleChoice]) -> tuple[tuple[Any, ...], ...]:
    """The options that make the same network wherever their choice is met."""
    found: dict[Any, list[Any]] = {}
    numbers = [{o: n for n, group in enumerate(c.groups) for o in group} for c in choices]
    for option in dict.fromkeys(option for number in numbers for option in number):
        key = tuple(number.get(option) for number in numbers)
        found.setdefault(key, []).append(option)
    return tuple(tuple(group) for group in found.values())


class _Option(NamedTuple):
    """An option by what a design calls it; 1, 1.0 and true are three."""

    kind: type
    label: Any


class _Having:
    """The designs that have an option; ``others`` is equal where those of two options go together
    with the same other options, and hardly elsewhere."""

    def __init__(self) -> None:
        self.designs: list[dict[str, _Option]] = []
        self.others = 0


class _Designs:
    """All designs of a space, by their options."""

    def __init__(self, designs: Sequence[Evaluation]) -> None:
        self.points: dict[str, ChoicePoint] = {}
        self.several: set[str] = set()  # choices that offer more than one option somewhere
        self.by_options: dict[frozenset[tuple[str, _Option]], Evaluation] = {}
        self.options: dict[str, dict[_Option, _Having]] = {}
        self.networks: dict[int, Hashable] = {}
        for evaluation in designs:
            self._add(evaluation)

    def _add(self, evaluation: Evaluation) -> None:
        design: dict[str, _Option] = {}
        for path, (point, answer) in {path: rest for path, *rest in evaluation.asked}.items():
            label = point.labels[answer]
            name = shown_path(path)
            self.points.setdefault(name, point)
            if point.size > 1 or isinstance(point, ContinuousPoint):
                self.several.add(name)
            design[name] = _Option(type(label), label)
        self.by_options[frozenset(design.items())] = evaluation
        hashes = [(name, option, hash((name, option))) for name, option in design.items()]
        whole = reduce(xor, [one for _, _, one in hashes], 0)
        for name, option, one in hashes:
            having = self.options.setdefault(name, {}).setdefault(option, _Having())
            having.designs.append(design)
            having.others += hash((whole ^ one,))

    def alike(self, name: str) -> Iterator[tuple[Any, ...]]:
        """The options of a choice in groups of those that make the same network."""
        among: dict[Hashable, list[_Option]] = {}
        places = {_Option(type(o), o): n for n, o in enumerate(self.points[name].labels)}
        in_order = sorted(self.options[name].items(), key=lambda one: places.get(one[0], -1))
        for option, having in in_order:
            among.setdefault((len(having.designs), having.others), []).append(option)
        for options in among.values():
            yield from self._sorted(name, options)

    def _sorted(self, name: str, options: list[_Option]) -> Iterator[tuple[Any, ...]]:
        """Options that go together with the same others, in groups."""
        by_network: dict[Hashable, list[_Option]] = {}
        first = self.options[name][options[0]].designs[0]
        for option in options if len(options) > 1 else ():  # one design sets most of them apart
            by_network.setdefault(self._with(first, name, option), []).append(option)
        for left in by_network.values() or [options]:
            while left:
                same = self._same(name, left)
                yield tuple(option.label for option in same)
                told = set(same)
                left = [option for option in left if option not in told]

    def _same(self, name: str, options: list[_Option]) -> list[_Option]:
        """The options that make the same network as the first, whatever they go together with."""
        same = options
        for design in self.options[name][options[0]].designs if len(options) > 1 else ():
            network = self._with(design, name, options[0])
            same = [option for option in same if self._with(design, name, option) == network]
            if len(same) == 1:
                break
        return same

    def _with(self, design: dict[str, _Option], name: str, option: _Option) -> Hashable:
        """The network of a design with another option; None where that is no design."""
        changed = frozenset({**design, name: option}.items())
        evaluation = self.by_options.get(changed)
        if evaluation is None:
            return None
        found = self.networks.get(id(evaluation))
        if found is None:
            found = self.networks[id(evaluation)] = network(evaluation)
        return found


def network(evaluation: Evaluation) -> Hashable:
    """What is equal for designs that are the same network, trained alike."""
    flat = Flat(evaluation.graph)
    steps = tuple((s.node.op, s.node.inputs, s.inputs, s.weights) for s in flat.steps)
    clauses = evaluation.clauses
    return (steps, flat.output, repr((clauses.data, clauses.train)))
