"""Facts about the paths of a graph: where they part, what they pass, what they pass by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.graph.flat import INPUT, is_input
from archdsl.ops.base import Trait
from archdsl.rules.facts_task import gives_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class Skip(NamedTuple):
    """A short way round a weighted body, both from the op at ``fork`` to a ``merge`` that adds.

    ``path`` and ``body`` are the inputs of the merge that they give.
    """

    merge: Step
    fork: int
    path: int
    body: int


def counted(
    steps: list[Step], counts: Callable[[Step], bool], choose: Callable[[list[int]], int]
) -> list[int]:
    """For each op, how many ops that count lie on the path to it that ``choose`` prefers."""
    found: list[int] = []
    for step in steps:
        before = [0 if is_input(source) else found[source] for source in step.inputs]
        found.append(choose(before) + counts(step))
    return found


def forks(case: Case) -> list[int]:
    """For each op, the nearest op before it that every path to it passes (or the input,
    which several are taken for here). What is the same whatever flows in is on no path, unless
    an op reads nothing else."""
    tree, given = _Tree(), case.fact(constants)
    for step in case.steps:
        sources = [max(source, INPUT) for source in step.inputs]
        told = [source for source in sources if source == INPUT or not given[source]]
        nearest, *others = told or sources
        for source in others:
            nearest = tree.meeting(nearest, source)
        tree.grow(nearest)
    return tree.parents()


def constants(case: Case) -> list[bool]:
    """For each op, whether its result is the same whatever flows into the model."""
    found: list[bool] = []
    for step in case.steps:
        first, *others = step.inputs
        told = not is_input(first) and found[first]
        if told and others:
            told = all(not is_input(source) and found[source] for source in others)
        found.append(told or Trait.CONSTANT in step.node.op.traits)
    return found


def nested(case: Case, places: Iterable[int]) -> dict[int, int | None]:
    """For each of some places, the last other one of them that every path to it passes."""
    order, last = case.fact(_intervals)
    found: dict[int, int | None] = {}
    outer: list[int] = []
    for place in sorted(set(places), key=lambda place: order[place + 1]):
        while outer and last[outer[-1] + 1] < order[place + 1]:
            outer.pop()
        found[place] = outer[-1] if outer else None
        outer.append(place)
    return found


def _intervals(case: Case) -> tuple[list[int], list[int]]:
    """The tree of nearest common ops in preorder, the input first: each one's number, and the
    last number below it."""
    before = [parent + 1 for parent in case.fact(forks)]
    size = [1] * (len(before) + 1)
    for index in range(len(before), 0, -1):
        size[before[index - 1]] += size[index]
    order, free = [0], [1] + [0] * len(before)
    for index, parent in enumerate(before, 1):
        order.append(free[parent])
        free[index] = order[index] + 1
        free[parent] += size[index]
    return order, [start + below - 1 for start, below in zip(order, size, strict=True)]


def results(case: Case) -> tuple[int, ...]:
    """The places of a model's results, the one its task is about first."""
    output = case.flat.output
    if not is_input(output) and isinstance(case.steps[output].node.out, types.Outputs):
        return case.steps[output].inputs
    return (output,)


def spine(case: Case) -> list[Step]:
    """The ops that every path from the input to the (first) result passes, in order."""
    return path(case, case.fact(results)[0])


def path(case: Case, place: int) -> list[Step]:
    """The ops that every path from the input to an op passes, in order, that op the last."""
    before = case.fact(forks)
    found: list[Step] = []
    while not is_input(place):
        found.append(case.steps[place])
        place = before[place]
    return found[::-1]


def back(case: Case, place: int) -> Iterator[Step]:
    """An op, the one whose result it reads first, and so on, back to the input."""
    while not is_input(place):
        step = case.steps[place]
        yield step
        place = step.inputs[0]


def head(case: Case) -> Step | None:
    """The last weighted layer that every path passes, if it gives what the model gives."""
    weighted = [step for step in case.fact(spine) if Trait.WEIGHTED in step.node.op.traits]
    width = types.channels(case.graph.model.out)
    return weighted[-1] if weighted and types.channels(weighted[-1].node.out) == width else None


def gives_back(case: Case) -> bool:
    """Whether the model is a regression to the very shape that flows in: an autoencoder, or one
    that restores."""
    given = case.graph.model.out
    first = given.parts[0] if isinstance(given, types.Outputs) else given
    return case.fact(gives_numbers) and first == case.takes


def skips(case: Case) -> list[Skip]:
    """All ways round a weighted body that end in an addition: without weights, or with one layer
    where the body changes the shape (a projection)."""
    before = case.fact(forks)
    return [skip for merge in case.having(Trait.ADDITIVE) for skip in _into(merge, before, case)]


def _into(merge: Step, before: list[int], case: Case) -> list[Skip]:
    fork = before[merge.place]
    if is_input(fork) and len({origin for k in merge.inputs for origin in _origins(case, k)}) > 1:
        return []  # what comes from two inputs goes round neither
    if types.is_ids(_out(fork, case)):
        return []  # ids are no features that a way could carry
    lengths = {source: _depth(source, case) - _depth(fork, case) for source in merge.inputs}
    body = max(lengths, key=lambda source: lengths[source])
    projects = _out(fork, case) != merge.node.out
    return [
        Skip(merge, fork, source, body)
        for source, length in lengths.items()
        if length < lengths[body] and length <= projects
    ]


def _origins(case: Case, place: int) -> frozenset[int]:
    """The inputs that a result, or an input itself, comes from."""
    return frozenset((place,)) if is_input(place) else case.fact(origins)[place]


def origins(case: Case) -> list[frozenset[int]]:
    """For each op, the places of the inputs that lead to it."""
    own = {place: frozenset((place,)) for place in case.inputs}
    found: list[frozenset[int]] = []
    for step in case.steps:
        known = [own[place] if is_input(place) else found[place] for place in step.inputs]
        found.append(known[0] if len(known) == 1 else frozenset().union(*known))
    return found


def _depth(place: int, case: Case) -> int:
    return 0 if is_input(place) else case.depths[place]


def _out(place: int, case: Case) -> types.TensorType:
    return case.given(place)


def weighted_before(case: Case) -> list[int]:
    """For each op, the weighted layer it reads through ops of one input, or INPUT if none."""
    found: list[int] = []
    for step in case.steps:
        source = step.inputs[0]
        if len(step.inputs) > 1 or is_input(source):
            found.append(INPUT)
        else:
            is_weighted = Trait.WEIGHTED in case.steps[source].node.op.traits
            found.append(source if is_weighted else found[source])
    return found


class _Tree:
    """The tree of nearest common ops, with a jump towards the root at each place, so that two
    places find theirs in logarithmic time (Myers 1983)."""

    def __init__(self) -> None:  # the root, at index 0, is the input
        self._parent, self._jump, self._level = [0], [0], [0]

    def parents(self) -> list[int]:
        return [parent - 1 for parent in self._parent[1:]]

    def grow(self, parent: int) -> None:
        parent += 1
        jump = self._jump[parent]
        far = self._jump[jump]
        level = self._level
        even = level[parent] - level[jump] == level[jump] - level[far]
        self._parent.append(parent)
        self._jump.append(far if even else parent)
        level.append(level[parent] + 1)

    def meeting(self, one: int, other: int) -> int:
        low, high = sorted((one + 1, other + 1), key=lambda index: self._level[index])
        high = self._raised(high, self._level[low])
        while low != high:
            step = self._parent if self._jump[low] == self._jump[high] else self._jump
            low, high = step[low], step[high]
        return low - 1

    def _raised(self, index: int, level: int) -> int:
        while self._level[index] > level:
            jump = self._jump[index]
            index = jump if self._level[jump] >= level else self._parent[index]
        return index
