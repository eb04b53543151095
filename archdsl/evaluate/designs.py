"""Designs: a value for each active choice of a spec, as small JSON documents."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, Severity, SpecError, did_you_mean
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.evaluate.going_on import further
from archdsl.evaluate.points import as_text, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from archdsl.evaluate.points import ChoicePoint
    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.evaluate.run import Chooser


FEW = 3  # open choices that are told of one by one
MOST = 20  # choices that are named
LONGEST = 60  # characters of a value that are shown


def shown_path(path: str) -> str:
    """A choice's path as people and documents write it."""
    return path[1:] or "model"


def design_of(evaluation: Evaluation) -> dict[str, Any]:
    """The design that an evaluation took, in the order its choices were asked."""
    return {shown_path(path): point.labels[answer] for path, point, answer in evaluation.asked}


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
    """Answers from a design, and keeps what it could not: choices that the design leaves out are
    in ``missing``, values that are no option in ``refused``."""

    def __init__(self, design: Mapping[str, Any]) -> None:
        self.design = design
        self.used: set[str] = set()
        self.missing: dict[str, ChoicePoint] = {}
        self.refused: dict[str, Diagnostic] = {}

    def __call__(self, path: str, point: ChoicePoint) -> Any:
        name = shown_path(path)
        if name not in self.design:
            self.missing[name] = point
            return point.at(0)
        self.used.add(name)
        answer = point.find(self.design[name])
        if answer is None:
            self.refused[name] = _no_option(name, self.design[name], point)
            return point.at(0)
        return answer

    def findings(self) -> list[Diagnostic]:
        """What keeps it from being a design: values that are no option, else choices left open."""
        if self.refused:
            return _few([*self.refused], lambda name: self.refused[name])
        return _all_open(self.missing)

    def unplaced(self, typed: Container[str]) -> list[Diagnostic]:
        """Its entries for choices that do not exist; an error where somebody just typed one, a
        warning where it may have been saved when the text was another."""
        known = (*self.used, *self.missing)
        unused = [name for name in self.design if name not in self.used]
        return [
            finding
            for is_typed in (True, False)
            for finding in _few(
                [name for name in unused if (name in typed) is is_typed],
                partial(_unused, known=known, is_typed=is_typed),
            )
        ]


def _few(names: list[str], finding: Callable[[str], Diagnostic]) -> list[Diagnostic]:
    """A finding for each of some choices, and one for all that are left."""
    found = [finding(name) for name in names[:MOST]]
    if len(names) > MOST:
        left = f"the same holds for {len(names) - MOST:,} more choices"
        found.append(replace(found[-1], message=left, needed="", help=""))
    return found


def _no_option(name: str, value: Any, point: ChoicePoint) -> Diagnostic:
    text = as_text(value)
    return Diagnostic(
        "E502",
        f"`{name}` cannot be {text if len(text) <= LONGEST else f'{text[:LONGEST]}…'}",
        point.span,
        needed=point.offered(),
        help=did_you_mean(text[: 2 * LONGEST], [as_text(label) for label in point.labels]),
    )


def _open(name: str, point: ChoicePoint) -> Diagnostic:
    return Diagnostic(
        "E503",
        f"the choice `{name}` is open",
        point.span,
        needed=point.offered(),
        help=f"choose with --choose {name}=… or a design (see `archdsl sample`)",
    )


def _all_open(missing: Mapping[str, ChoicePoint]) -> list[Diagnostic]:
    """A finding for each of a few open choices; one names all that are more."""
    names = [*missing]
    if len(names) <= FEW + 1:
        return [_open(name, missing[name]) for name in names]
    more = names[FEW:]
    lines = [f"`{name}`: {missing[name].offered()}" for name in more[: MOST - FEW]]
    if len(names) > MOST:
        lines.append(f"and {len(names) - MOST:,} others")
    return [
        *(_open(name, missing[name]) for name in names[:FEW]),
        Diagnostic(
            "E503",
            f"{len(more):,} more choices are open",
            missing[more[0]].span,
            needed="a value for each",
            notes=tuple(lines),
            help="`archdsl sample` draws a whole design, `archdsl best --by params` finds the "
            "smallest; `--design FILE` takes one, and --choose changes it",
        ),
    ]


def _unused(name: str, known: tuple[str, ...], is_typed: bool) -> Diagnostic:
    return Diagnostic(
        "E504" if is_typed else "W518",
        f"the design chooses `{name}`, and there is no such choice in it",
        severity=Severity.ERROR if is_typed else Severity.WARNING,
        needed=f"one of {listed(known)}" if known else "no choices: this spec has none",
        help=did_you_mean(name, known),
    )


class Loaded(NamedTuple):
    """A design evaluated, with a warning for each of its entries that found no place."""

    evaluation: Evaluation
    warnings: tuple[Diagnostic, ...]


def load_design(
    program: Program,
    design: Mapping[str, Any],
    bounds: Bounds = DEFAULT,
    typed: Container[str] = (),
) -> Loaded:
    """Evaluate a design that may have been saved by an older text of the spec.

    What it chooses that is no choice any more is left out, with a warning; in ``typed`` are the
    choices of which that is an error. Raises :class:`SpecError` when a choice is open, or has a
    value that is none of its options.
    """
    given = Given(design)
    try:
        evaluation = program.evaluate(given, bounds)
    except SpecError as error:
        findings = given.findings()
        if findings:
            raise SpecError(*findings) from None
        raise further(error, program, Given(design), bounds) from None
    unplaced = given.unplaced(typed)
    findings = [*given.findings(), *(one for one in unplaced if one.severity is Severity.ERROR)]
    if findings:
        raise SpecError(*findings, *(one for one in unplaced if one not in findings))
    return Loaded(evaluation, tuple(unplaced))
