"""Designs: a value for each active choice of a spec, as small JSON documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError, did_you_mean
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.evaluate.points import as_text

if TYPE_CHECKING:
    from archdsl.evaluate.points import ChoicePoint
    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.evaluate.run import Chooser


def shown_path(path: str) -> str:
    """A choice's path as people and documents write it."""
    return path[1:] or "model"


def design_of(evaluation: Evaluation) -> dict[str, Any]:
    """The design that an evaluation took, in the order its choices were asked."""
    return {path[1:] or "model": point.labels[answer] for path, point, answer in evaluation.asked}


def dumps(design: dict[str, Any]) -> str:
    """A design as one line of JSON."""
    return json.dumps(design, ensure_ascii=False)


def sampler(seed: int | None = None) -> Chooser:
    """Answers every choice at random, uniformly among its options or over its scale."""
    from random import Random

    uniform = Random(seed).random

    return lambda path, point: point.at(uniform())


def drawn_with(values: dict[str, Any], seed: int | None = None) -> Chooser:
    """Answers as the values say, by the names of their choices, and every other at random."""
    given, others = Given(values), sampler(seed)
    return lambda path, point: (given if shown_path(path) in values else others)(path, point)


class Given:
    """Answers from a design; a choice that it leaves out is recorded in ``missing``."""

    def __init__(self, design: dict[str, Any]) -> None:
        self.design = design
        self.used: set[str] = set()
        self.missing: dict[str, ChoicePoint] = {}

    def __call__(self, path: str, point: ChoicePoint) -> Any:
        name = shown_path(path)
        if name not in self.design:
            self.missing[name] = point
            return point.at(0)
        self.used.add(name)
        return _answer(name, self.design[name], point)

    def findings(self) -> list[Diagnostic]:
        """What is wrong with the design: choices left open, and entries for none."""
        found = [_open(name, point) for name, point in self.missing.items()]
        known = (*self.used, *self.missing)
        unused = [name for name in self.design if name not in self.used]
        return found + [_unused(name, known) for name in unused]


def _answer(name: str, value: Any, point: ChoicePoint) -> Any:
    answer = point.find(value)
    if answer is not None:
        return answer
    raise SpecError(
        Diagnostic(
            "E502",
            f"`{name}` cannot be {as_text(value)}",
            point.span,
            needed=point.offered(),
            help=did_you_mean(as_text(value), [as_text(label) for label in point.labels]),
        )
    )


def _open(name: str, point: ChoicePoint) -> Diagnostic:
    return Diagnostic(
        "E503",
        f"the choice `{name}` is open",
        point.span,
        needed=point.offered(),
        help=f"choose with --choose {name}=… or a design (see `archdsl sample`)",
    )


def _unused(name: str, known: tuple[str, ...]) -> Diagnostic:
    return Diagnostic(
        "E504",
        f"the design chooses `{name}`, and there is no such choice in it",
        needed=f"one of {', '.join(known)}" if known else "no choices: this spec has none",
        help=did_you_mean(name, known),
    )


def evaluate_design(
    program: Program, design: dict[str, Any], bounds: Bounds = DEFAULT
) -> Evaluation:
    """Evaluate the design given. Raises :class:`SpecError` when choices are open or unknown."""
    given = Given(design)
    try:
        evaluation = program.evaluate(given, bounds)
    except SpecError as error:
        raise (SpecError(*given.findings()) if given.missing else error) from None
    findings = given.findings()
    if findings:
        raise SpecError(*findings)
    return evaluation
