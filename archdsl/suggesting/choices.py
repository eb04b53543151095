"""Designs of a space that differ from a rejected design in one choice, and pass."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.counts import params
from archdsl.diagnostics import SpecError
from archdsl.evaluate.designs import Given, design_of, load_design
from archdsl.examine import Judging, errors
from archdsl.offering import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.diagnostics import Diagnostic
    from archdsl.evaluate.program import Evaluation
    from archdsl.evaluate.run import ChoicePoint

TRIED = 512  # options tried at most


class Neighbour(NamedTuple):
    """A design of ``arch`` that passes: what is chosen otherwise, how far it is (the logarithm of
    the ratio of their parameters), and its parameters."""

    arch: str
    title: str
    design: dict[str, Any]
    distance: float
    params: int


def neighbours(judging: Judging, design: dict[str, Any]) -> list[Neighbour] | None:
    """Those found, the nearest first; None when the design passes itself.

    Raises :class:`SpecError` when it is none.
    """
    program, bounds = judging.program, judging.terms.bounds
    taken = load_design(program, design, bounds).evaluation
    if not errors(judging.verdict(taken)):
        return None
    others = [
        (path, option)
        for path, point, answer in taken.asked
        for option in point.answers()
        if option != answer
    ]
    found = []
    for path, option in others[:TRIED]:
        try:
            evaluation = program.evaluate(_otherwise(design, path, option), bounds)
        except SpecError:
            continue
        if not errors(judging.verdict(evaluation)):
            found.append(_neighbour(path, taken, evaluation))
    return sorted(found, key=lambda one: one.distance)


def refusal(judging: Judging, design: dict[str, Any]) -> tuple[Diagnostic, ...]:
    """What is wrong with a design."""
    program, bounds = judging.program, judging.terms.bounds
    found = judging.verdict(load_design(program, design, bounds).evaluation)
    return tuple(map(plain, found))


def _otherwise(design: dict[str, Any], path: str, option: int) -> Callable[[str, ChoicePoint], int]:
    """Answers choices as a design does, except for one path; choices that the design lacks get
    their first option."""
    given = Given(design)
    return lambda asked, point: option if asked == path else given(asked, point)


def _neighbour(path: str, taken: Evaluation, other: Evaluation) -> Neighbour:
    (chosen,) = {point.labels[answer] for asked, point, answer in other.asked if asked == path}
    title = f"`{path[1:] or 'model'}={chosen}`"
    before, after = params(taken.graph), params(other.graph)
    distance = abs(log(after / before)) if before and after else 0.0
    return Neighbour(other.graph.name, title, design_of(other), distance, after)
