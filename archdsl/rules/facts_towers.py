"""What becomes of each of several inputs: a design of its own, which principles about one kind of
data are asked of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from archdsl import types
from archdsl.graph.flat import INPUT, Flat, is_input
from archdsl.rules.case import Case
from archdsl.rules.facts_paths import origins
from archdsl.spec.inputs import together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.graph.flat import Step
    from archdsl.spec.data import Data

COLUMNS = (types.Vector, types.Category)  # of a table


def each_tower(case: Case) -> Sequence[Case]:
    """What becomes of each input; of a single one the design itself, which is no fact of itself: it
    would stay in memory until the garbage collector finds it."""
    return case.fact(towers) if len(case.inputs) > 1 else (case,)


def towers(case: Case) -> list[Case]:
    """What becomes of each of several inputs.

    What columns of a table say besides is left out of account: dense layers over a picture and a
    few facts are dense layers over a picture.
    """
    columns = frozenset(place for place, one in case.inputs.items() if isinstance(one, COLUMNS))
    return [
        Tower(case, source, beside=frozenset() if source in columns else columns)
        for source in case.inputs
    ]


def strict_towers(case: Case) -> list[Case]:
    """What becomes of each of several inputs, up to where anything else is read."""
    return [Tower(case, source) for source in case.inputs] if len(case.inputs) > 1 else []


def table(case: Case) -> Case | None:
    """What becomes of the columns of a table: all of them together, as one design. None where no
    input is one."""
    columns = [place for place in case.inputs if _is_column(case, place)]
    if len(columns) == len(case.inputs):
        return case
    return Tower(case, *columns) if columns else None


def _is_column(case: Case, place: int) -> bool:
    """Whether an input is a column of a table or several, and not drawn at random."""
    is_drawn = list(case.data.inputs().values())[INPUT - place].is_drawn
    return isinstance(case.inputs[place], COLUMNS) and not is_drawn


def tower_of(case: Case, step: Step) -> Case:
    """The tower that an op stands in; the design itself where it reads several inputs."""
    read = case.fact(origins)[step.place]
    found = (one for one in each_tower(case) if isinstance(one, Tower) and {*one.sources} == read)
    return next(found, case)


class Tower(Case):
    """One or some of several inputs as if they were all: the ops that read these, and no other but
    what may stand ``beside``.

    Its result is what is read outside, where that is one op.
    """

    def __init__(self, whole: Case, *sources: int, beside: frozenset[int] = frozenset()) -> None:
        super().__init__(whole.program, whole.evaluation, whole.siblings)
        self.whole = whole
        self.sources = sources
        self._beside = beside

    @property
    def data(self) -> Data:
        told = list(self.whole.data.inputs().items())
        own = [told[INPUT - place] for place in self.sources]
        if len(own) == 1:
            return own[0][1]
        names, clauses = zip(*own, strict=True)
        return together(names, clauses)

    @property
    def takes(self) -> types.TensorType:
        one, *others = self.sources
        return self.data.tensor() if others else self.whole.inputs[one]

    @cached_property
    def subject(self) -> int:
        return INPUT

    def input_name(self, place: int) -> str:
        return self.whole.input_name(self.sources[INPUT - place])

    @property
    def unit(self) -> str:
        return self.whole.unit if self.whole.subject in self.sources else "sample"

    @cached_property
    def samples(self) -> int | None:
        return self.data.labelled(self.unit)

    @cached_property
    def flat(self) -> Flat:
        own = {*self.sources}
        kept = [
            step
            for step, read in zip(self.whole.flat.steps, self.whole.fact(origins), strict=True)
            if read & own and read <= own | self._beside
        ]
        return _Alone(self.whole.flat, kept, self.sources)


class _Alone(Flat):
    """Some ops of a graph, numbered anew, with some of its inputs."""

    def __init__(self, whole: Flat, kept: list[Step], sources: Sequence[int]) -> None:
        self.graph = whole.graph
        places = {source: INPUT - number for number, source in enumerate(sources)}
        places |= {step.place: at for at, step in enumerate(kept)}
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
