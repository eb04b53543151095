"""Choices that seem to change nothing, in a space of which not all designs can be compared.

A few of its valid designs are tried with other options of one choice in place of their own. A
network that differs, or a design that is not valid any more, shows that the choice matters; where
none does, that is told, but proves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import design_of, drawn_with, shown_path
from archdsl.space.idle import network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from archdsl.evaluate.points import ChoicePoint
    from archdsl.evaluate.program import Evaluation
    from archdsl.evaluate.run import Chooser
    from archdsl.source import Span

COMPARED = 12  # designs with another option that are looked at for one choice
FEWEST = 4  # as many have to be there before a choice seems to change nothing


class SeemsIdle(NamedTuple):
    """A choice by the first path it was met at, and how many designs were compared for it."""

    path: str
    point: ChoicePoint
    compared: int


class _Met(NamedTuple):
    """A choice as one design made it."""

    evaluation: Evaluation
    path: str
    point: ChoicePoint
    answer: int


def seemingly_idle(
    designs: Sequence[Evaluation], attempt: Callable[[Chooser], Evaluation | SpecError]
) -> Iterator[SeemsIdle]:
    """The choices that change nothing in those of the ``designs`` that were compared. What stands
    in one place of the source is one choice, whatever its paths. ``attempt`` gives a design that is
    valid, or why it is not; what it raises ends the search."""
    places: dict[Span, list[_Met]] = {}
    for evaluation in designs:
        seen: set[str] = set()
        for path, point, answer in evaluation.asked:
            met = places.setdefault(point.span, [])
            if len(met) < COMPARED and point.size > 1 and path not in seen:
                seen.add(path)
                met.append(_Met(evaluation, shown_path(path), point, answer))
    for choices in places.values():
        compared = list(_compared(choices, attempt))
        if len(compared) >= FEWEST and not any(compared):
            yield SeemsIdle(choices[0].path, choices[0].point, len(compared))


def _compared(
    choices: list[_Met], attempt: Callable[[Chooser], Evaluation | SpecError]
) -> Iterator[bool]:
    """Whether designs differ from what they are with another option of a choice, until one does:
    each time another option, so that few comparisons see all."""
    for turn, (evaluation, path, point, answer) in enumerate(choices):
        other = point.labels[(answer + 1 + turn % (point.size - 1)) % point.size]
        changed = attempt(drawn_with({**design_of(evaluation), path: other}, seed=turn))
        differs = isinstance(changed, SpecError) or network(changed) != network(evaluation)
        yield differs
        if differs:
            return
