"""Two runs side by side: what each had found after as many trials as the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from archdsl.searching.found import best_of, front_of, losses_of
from archdsl.searching.results.results import volume_of, worst
from archdsl.searching.troubles import INCOMPARABLE, trouble

if TYPE_CHECKING:
    from archdsl.searching.records import Objective, Tried
    from archdsl.searching.results.results import Results

STEPS = (5, 10, 20, 50)  # times powers of ten: after how many trials runs are compared


class After(NamedTuple):
    """What two runs had found after so many ``trials`` each: the best value, or of several
    objectives the hypervolume as a share of the box that both runs span; None where a run had
    nothing yet."""

    trials: int
    one: float | None
    other: float | None


@dataclass(frozen=True)
class Comparison:
    """Two runs with the same objectives.

    ``after`` are equal numbers of trials, the last as many as both have; ``both`` are the designs
    (trials of either run, by number) that both tried, ``apart`` how far the values of these differ
    at most, for each objective. Of several objectives ``front`` says how many designs each run has
    in the front of both together, ``reference`` where the hypervolumes are measured from.
    """

    one: Results
    other: Results
    after: tuple[After, ...]
    both: tuple[tuple[int, int], ...]
    apart: tuple[float, ...]
    front: tuple[int, int] | None = None
    reference: tuple[float, ...] | None = None

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """What both runs were after."""
        return self.one.objectives


def compared(one: Results, other: Results) -> Comparison:
    """Two runs side by side. Raises :class:`~archdsl.searching.troubles.SearchError`: E941 one has
    no trial with a value yet, E942 they are of other objectives."""
    for found in (one, other):
        found.refuse_unfinished()
    _refuse_others(one, other)
    mine = {tried.key: tried for tried in one.complete}
    pairs = [(mine[tried.key], tried) for tried in other.complete if tried.key in mine]
    apart = tuple(
        max((abs((a.values or ())[i] - (b.values or ())[i]) for a, b in pairs), default=0.0)
        for i in range(len(one.objectives))
    )
    several = len(one.objectives) > 1
    return Comparison(
        one,
        other,
        tuple(_after(one, other, count) for count in _counts(one, other)),
        tuple((a.number, b.number) for a, b in pairs),
        apart,
        _fronts(one, other) if several else None,
        worst((*one.complete, *other.complete), one.objectives) if several else None,
    )


def _refuse_others(one: Results, other: Results) -> None:
    told = [[str(objective) for objective in found.objectives] for found in (one, other)]
    if told[0] == told[1]:
        return
    raise trouble(
        INCOMPARABLE,
        f"the runs are of other objectives: {', '.join(told[0])} in {one.folder}, "
        f"{', '.join(told[1])} in {other.folder}",
        needed="the same objectives in the same order",
        help="`archdsl results RUN` tells of each by itself",
    )


def _counts(one: Results, other: Results) -> list[int]:
    """After how many trials: round numbers, and as many as both have."""
    most = min(len(one.trials), len(other.trials))
    round_ones = (step * 10**power for power in range(6) for step in STEPS)
    return [*sorted({count for count in round_ones if count < most}), most]


def _after(one: Results, other: Results, count: int) -> After:
    firsts = [[t for t in found.complete if t.number < count] for found in (one, other)]
    if len(one.objectives) > 1:
        return After(count, *(_share(one, other, trials) for trials in firsts))
    bests = [best_of(trials, one.objectives) for trials in firsts]
    return After(count, *((best.values or (0.0,))[0] if best else None for best in bests))


def _share(one: Results, other: Results, trials: list[Tried]) -> float | None:
    """Of the box that both runs span, what some trials cover."""
    every = (*one.complete, *other.complete)
    losses = [losses_of(tried, one.objectives) for tried in every]
    best = [
        min(column) * (-1 if objective.direction == "maximize" else 1)
        for column, objective in zip(zip(*losses, strict=True), one.objectives, strict=True)
    ]
    if not trials:
        return None
    volume = volume_of(trials, one.objectives, worst(every, one.objectives), best)
    return volume.share if volume else None


def _fronts(one: Results, other: Results) -> tuple[int, int]:
    """How many of each are in the front of both; those with the same values count for both."""
    joint = {tried.values for tried in front_of((*one.front, *other.front), one.objectives)}
    mine, theirs = ([t for t in found.front if t.values in joint] for found in (one, other))
    return len(mine), len(theirs)
