"""One of everything that the API hands out, by name."""

from __future__ import annotations

from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

import archdsl
from archdsl.searching.evaluators.trial import Subject
from tests.cli.conftest import GOOD, SPACE

WRONG = GOOD.replace("linear(classes)", "linear(3)")

LARGE = {"width": 64, "choice": "relu"}

NAMES = """
Report Diagnostic Fix Edit Span Source Severity Amount Label Position SpecError Compiled
Comparison Terms
Bounds Limits Config Count Fixed LayerTable LayerRow OpPage BlockPage Suggested Suggestion
Neighbour Space Survey ChoiceShares OptionShare Effect Spread design Extent Quantity Trained
Extreme Found Results Tried Objective Failure FailureGroup SearchError Trial
""".split()


@cache
def handed_out() -> dict[str, Any]:
    space = archdsl.read_space(SPACE)
    report = archdsl.check(WRONG, name="m.arch")
    (diagnostic,) = report.diagnostics
    suggested, survey = archdsl.suggest(WRONG), archdsl.survey(space)
    return {
        "Report": report,
        "Diagnostic": diagnostic,
        "Fix": diagnostic.fix,
        "Edit": diagnostic.fix.edits[0],
        "Span": diagnostic.span,
        "Source": diagnostic.span.source,
        "Severity": diagnostic.severity,
        "Amount": archdsl.Amount(1.5, 1.0),
        "Label": archdsl.Label(diagnostic.span, "here"),
        "Position": diagnostic.span.position,
        "SpecError": _error(),
        "Compiled": archdsl.compile(GOOD),
        "Comparison": archdsl.compare(GOOD, SPACE),
        "Terms": archdsl.Terms(archdsl.Config(strict=True)),
        "Bounds": archdsl.Bounds(work=1),
        "Limits": archdsl.Limits(tokens=1),
        "Config": archdsl.Config(select=("P3",)),
        "Count": archdsl.count(SPACE),
        "Fixed": archdsl.fix(WRONG, unsafe=True),
        "LayerTable": archdsl.show(GOOD),
        "LayerRow": archdsl.show(GOOD).layers[0],
        "OpPage": archdsl.list_ops()[0],
        "BlockPage": archdsl.list_blocks()[0],
        "Suggested": suggested,
        "Suggestion": suggested.suggestions[0],
        "Neighbour": archdsl.suggest(SPACE, design=LARGE).suggestions[0],
        "Space": space,
        "Survey": survey,
        "ChoiceShares": survey.choices[0],
        "OptionShare": survey.choices[0].options[0],
        "Effect": survey.requirements[0],
        "Spread": survey.metrics[0],
        "design": archdsl.sample(SPACE)[0],
        "Extent": space.bounds("params"),
        "Quantity": space.bounds("memory(training)").low.value,
        "Trained": _trained(),
        "Extreme": next(space.best("params")),
        **_searched(),
    }


@cache
def _searched() -> dict[str, Any]:
    """What a search gives, of one in which every third trial fails."""
    with TemporaryDirectory() as folder:
        asked = {"evaluator": _evaluated, "trials": 3, "strategy": "random"}
        found = archdsl.search(
            SPACE.replace("  model", "  maximize accuracy\n  model", 1), run=folder, **asked
        )
        told = archdsl.results(folder)
    (failures,) = found.failures
    failed = next(tried for tried in found.trials if tried.failed)
    try:
        archdsl.results(folder)
    except archdsl.SearchError as error:
        refused = error
    return {
        "Found": found,
        "Results": told,
        "Tried": found.trials[0],
        "Objective": found.objectives[0],
        "Failure": failed.failure,
        "FailureGroup": failures,
        "SearchError": refused,
        "Trial": archdsl.Trial(Subject(archdsl.Source(SPACE, "m.arch")), 0, LARGE),
    }


def _evaluated(trial: archdsl.Trial) -> dict[str, float]:
    if trial.number == 1:
        raise ValueError("no")
    return {"accuracy": trial.number / 10}


def _trained() -> archdsl.Trained:
    """A result of training, its module left out: that of a real one travels in its own test."""
    test, ended = {"accuracy": 0.5}, ("finished", "all 2 epochs are over")
    parts, device = {"training": 30, "validation": 10, "test": 10}, ("fp32", "cpu")
    return archdsl.Trained("Small", {}, test, test, 1, 2, *ended, parts, *device, 0.5, None)


def _error() -> archdsl.SpecError:
    try:
        archdsl.compile(WRONG)
    except archdsl.SpecError as error:
        return error
    raise AssertionError("that spec has an error")
