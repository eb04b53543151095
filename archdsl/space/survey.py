"""What is known of a space, on one page: data for people, for programs and for findings."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.catalog import every
from archdsl.diagnostics import SpecError
from archdsl.evaluate.measures import measures_in
from archdsl.space.effects import effects
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.explore.program import BITS
from archdsl.space.shares import shares
from archdsl.space.spread import Spread, spread

if TYPE_CHECKING:
    from archdsl.evaluate.points import ChoicePoint
    from archdsl.evaluate.program import Program
    from archdsl.space.effects import Effect
    from archdsl.space.shares import Taken
    from archdsl.space.space import DesignSet, Space


class OptionShare(NamedTuple):
    """One option of a choice: how many fitting and how many valid designs have it."""

    label: Any
    fitting: int
    valid: int


@dataclass(frozen=True)
class ChoiceShares:
    """One choice by its path; ``point`` is where it stands in the source, ``active`` the number of
    valid designs in which it is made at all."""

    path: str
    point: ChoicePoint
    options: tuple[OptionShare, ...]
    active: int

    @property
    def dead(self) -> tuple[Any, ...]:
        """The options that no valid design has."""
        return tuple(option.label for option in self.options if not option.valid)


@dataclass(frozen=True)
class Survey:
    """One space: ``at_least`` to ``valid`` of the fitting designs are valid.

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


def survey(space: Space, metrics: tuple[str, ...] = ()) -> Survey:
    """Everything on the page of a space; ``metrics`` by default all that the spec has figures for.

    Raises :class:`~archdsl.space.explore.explorer.Unexplorable` where the space takes too much to
    be described.
    """
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
        tuple(_spreads(space, metrics or usual_metrics(space.program))),
    )


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
    made = all(sum(o.fitting for o in choice.options) == fitting for choice in choices)
    every = prod(len(choice.options) for choice in choices) if choices and made else None
    return every if every is not None and every.bit_length() <= BITS else None


def usual_metrics(program: Program) -> tuple[str, ...]:
    """The metrics that need no arguments, memory, and those that the spec speaks of."""
    plain = [metric.word() for metric in every() if not metric.signature]
    conditions = [need.condition for need in program.requirements]
    spoken = [m for c in conditions for m in measures_in(c)]
    spoken += [m for o in program.objectives for m in measures_in(o.metric)]
    texts = [measure.span.text for measure in spoken]
    return tuple(dict.fromkeys((*plain, "memory(training)", "memory(inference)", *texts)))


def _spreads(space: Space, metrics: tuple[str, ...]) -> list[Spread]:
    found = []
    for text in metrics:
        try:
            found.append(spread(space, text))
        except Unexplorable:
            found.append(Spread(text, None, (), proven=False))
        except SpecError:
            if len(metrics) == 1:
                raise
    return found
