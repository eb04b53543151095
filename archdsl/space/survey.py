"""What is known of a space, on one page: data for people, for programs and for findings."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.catalog import every
from archdsl.cost.compose import Sums
from archdsl.diagnostics import SpecError
from archdsl.evaluate.measures import measures_in
from archdsl.space.design_sets import Extent, Extreme
from archdsl.space.effects import effects
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.explore.program import BITS
from archdsl.space.metrics import metric_of
from archdsl.space.sampled import sampled
from archdsl.space.shares import shares
from archdsl.space.spread import BOUNDED, UNKNOWN, Spread, spread

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.evaluate.points import ChoicePoint
    from archdsl.evaluate.program import Program
    from archdsl.space.design_sets import DesignSet
    from archdsl.space.effects import Effect
    from archdsl.space.shares import Taken
    from archdsl.space.space import Space


class OptionShare(NamedTuple):
    """One option of a choice: how many fitting and how many valid designs have it."""

    label: Any
    fitting: int
    valid: int


SHARE = 3  # one metric may take one in so many parts of the work that is left


@dataclass(frozen=True)
class ChoiceShares:
    """One choice by its path; ``point`` is where it stands in the source, ``active`` the number of
    valid designs in which it is made at all, ``made`` that of fitting ones."""

    path: str
    point: ChoicePoint
    options: tuple[OptionShare, ...]
    active: int

    @property
    def made(self) -> int:
        """The number of fitting designs in which the choice is made at all."""
        return sum(option.fitting for option in self.options)


@dataclass(frozen=True)
class Survey:
    """One space: ``at_least`` to ``valid`` of the fitting designs are valid. Where it is but
    ``bounded``, it takes too much to be described, and no more than so many designs fit.

    Choices and metrics are told of ``described`` designs: the valid ones, and where there are
    ``unproven`` requirements, of which it is not worked out which designs they exclude, those that
    meet the others.
    ``combinations`` are all ways to answer the choices, where every design makes every choice;
    ``choices`` is empty when there are too many to go through one by one.
    """

    name: str
    fitting: int
    valid: int
    at_least: int
    described: int
    unproven: tuple[str, ...]
    combinations: int | None
    choices: tuple[ChoiceShares, ...]
    requirements: tuple[Effect, ...]
    metrics: tuple[Spread, ...]
    bounded: bool = False


def survey(space: Space, metrics: tuple[str, ...] = ()) -> Survey:
    """Everything on the page of a space; ``metrics`` by default all that the spec has figures for.

    Of a space that takes too much to be described it holds outer bounds alone. Raises
    :class:`~archdsl.space.explore.explorer.Unexplorable` where these take too much as well.
    """
    costs = _costs(space, metrics or usual_metrics(space.program))
    sums = [cost for needed in costs.values() for cost in needed if isinstance(cost, Sums)]
    together = tuple(dict.fromkeys(sums))
    try:
        space.explore_together(together)
        return _described(space, costs)
    except Unexplorable:
        return _bounded(space, costs, together)


def _described(space: Space, costs: dict[str, tuple[Composition, ...]]) -> Survey:
    fitting, valid = space.fitting(), space.valid()
    choices = choices_of(fitting, valid)
    low, high = space.counted()
    return Survey(
        space.program.name,
        fitting.count,
        high,
        low,
        valid.count,
        tuple(need.condition.span.text for need in valid.unproven),
        _combinations(choices, fitting.count),
        choices,
        effects(space),
        _spreads(space, costs),
    )


def _bounded(
    space: Space, costs: dict[str, tuple[Composition, ...]], together: tuple[Composition, ...]
) -> Survey:
    """What is known of a space that takes too much to be described: from a relaxed diagram."""
    relaxed = space.relaxed(together)
    most = relaxed.count
    known = {}
    for text, needed in costs.items():
        with suppress(Unexplorable):
            known[text] = space.outer_bounds(text, relaxed if {*needed} <= {*together} else None)
    metrics = tuple(_outer(text, known.get(text)) for text in costs)
    unproven = tuple(need.condition.span.text for need in space.program.requirements)
    return Survey(
        space.program.name, most, most, 0, most, unproven, None, (), (), metrics, bounded=True
    )


def _outer(text: str, ends: tuple[Any, Any] | None) -> Spread:
    if ends is None:
        return Spread(text, None, (), known=UNKNOWN)
    return Spread(text, Extent(*(Extreme(end, {}) for end in ends)), (), known=BOUNDED)


def choices_of(fitting: DesignSet, valid: DesignSet) -> tuple[ChoiceShares, ...]:
    """Each choice with the designs that have each option; none where there are too many."""
    try:
        of_fitting, of_valid = shares(fitting.node), shares(valid.node)
    except Unexplorable:
        return ()
    return tuple(
        _choice(name, taken, of_valid[name].options if name in of_valid else {})
        for name, taken in of_fitting.items()
    )


def _choice(name: str, taken: Taken, valid: dict[tuple[type, Any], int]) -> ChoiceShares:
    options = tuple(
        OptionShare(key[1], count, valid.get(key, 0)) for key, count in taken.options.items()
    )
    return ChoiceShares(name, taken.point, options, sum(valid.values()))


def _combinations(choices: tuple[ChoiceShares, ...], fitting: int) -> int | None:
    """All combinations of options, where each design makes every choice."""
    if not choices or any(choice.made < fitting for choice in choices):
        return None
    every = prod(len(choice.options) for choice in choices)
    return every if every.bit_length() <= BITS else None


def usual_metrics(program: Program) -> tuple[str, ...]:
    """The metrics that are written without arguments, memory, and those that the spec speaks of."""
    plain = [metric.word() for metric in every() if metric.is_plain or not metric.signature]
    conditions = [need.condition for need in program.requirements]
    spoken = [m for c in conditions for m in measures_in(c)]
    spoken += [m for o in program.objectives for m in measures_in(o.metric)]
    texts = [measure.span.text for measure in spoken]
    return tuple(dict.fromkeys((*plain, "memory(training)", "memory(inference)", *texts)))


def _costs(space: Space, texts: tuple[str, ...]) -> dict[str, tuple[Composition, ...]]:
    """What metrics are computed from, without those that the spec has no figures for."""
    found = {}
    for text in texts:
        try:
            found[text] = metric_of(text, space.program).compositions
        except SpecError:
            if len(texts) == 1:
                raise
    return found


def _spreads(space: Space, costs: dict[str, tuple[Composition, ...]]) -> tuple[Spread, ...]:
    """Each metric, those that add up first, as that takes least. Of the others none takes more
    than a part of the work that is left, or else it is seen in designs drawn."""
    apart = {text: sum(not isinstance(cost, Sums) for cost in costs[text]) for text in costs}
    found: dict[str, Spread] = {}
    for text in sorted(costs, key=apart.__getitem__):
        with suppress(Unexplorable), space.sharing(SHARE if apart[text] else 1):
            found[text] = spread(space, text)
    found.update(sampled(space, [text for text in costs if text not in found]))
    return tuple(found[text] for text in costs)
