"""What becomes of each of several inputs: a design of its own, which principles about one kind of
data are asked of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from archdsl import types
from archdsl.graph.flat import INPUT, Flat, is_input
from archdsl.rules.case import Case
from archdsl.rules.facts_paths import origins

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.graph.flat import Step
    from archdsl.spec.data import Data

COLUMNS = (types.Vector, types.Category)  # of a table


def towers(case: Case) -> list[Case]:
    """What becomes of each input; of a single one the design itself."""
    if len(case.inputs) == 1:
        return [case]
    return [Tower(case, source) for source in case.inputs]


def tower_of(case: Case, step: Step) -> Case:
    """The tower that an op stands in; the design itself where it reads several inputs."""
    read = case.fact(origins)[step.place]
    found = (one for one in case.fact(towers) if isinstance(one, Tower) and {one.source} == read)
    return next(found, case)


class Tower(Case):
    """One of several inputs as the only one: the ops that read it and no other.

    What columns of a table say besides is left out of account: dense layers over a picture and a
    few facts are dense layers over a picture. Its result is what is read outside, where that is
    one op.
    """

    def __init__(self, whole: Case, source: int) -> None:
        super().__init__(whole.program, whole.evaluation, whole.siblings)
        self.whole = whole
        self.source = source

    @property
    def data(self) -> Data:
        return list(self.whole.data.inputs().values())[INPUT - self.source]

    @property
    def takes(self) -> types.TensorType:
        return self.whole.inputs[self.source]

    @cached_property
    def subject(self) -> int:
        return INPUT

    def input_name(self, place: int) -> str:
        return self.whole.input_name(self.source)

    @property
    def unit(self) -> str:
        return self.whole.unit if self.whole.subject == self.source else "sample"

    @cached_property
    def samples(self) -> int | None:
        return self.data.labelled(self.unit)

    @cached_property
    def flat(self) -> Flat:
        given = self.whole.inputs
        beside = {place for place, one in given.items() if isinstance(one, COLUMNS)}
        others = set() if self.source in beside else beside
        kept = [
            step
            for step, read in zip(self.whole.flat.steps, self.whole.fact(origins), strict=True)
            if self.source in read and read <= {self.source, *others}
        ]
        return _Alone(self.whole.flat, kept, self.source)


class _Alone(Flat):
    """Some ops of a graph, numbered anew, with one input."""

    def __init__(self, whole: Flat, kept: list[Step], source: int) -> None:
        self.graph = whole.graph
        places = {source: INPUT} | {step.place: at for at, step in enumerate(kept)}
        self.steps = [
            step._replace(
                place=places[step.place],
                inputs=tuple(places[one] for one in step.inputs if one in places),
                weights=places.get(step.weights, places[step.place]),
            )
            for step in kept
        ]
        self.output = _exit(whole, places)


def _exit(whole: Flat, places: Mapping[int, int]) -> int:
    """The op that all else reads these through; the input where there are several."""
    if whole.output in places:
        return places[whole.output]
    inside = [place for place in places if not is_input(place)]
    found = [place for place in inside if any(r not in places for r in whole.readers[place])]
    return places[found[0]] if len(found) == 1 else INPUT
