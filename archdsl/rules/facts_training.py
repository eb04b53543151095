"""What the ``train`` clause says, as it is written: what is left out is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Edit, Fix, Severity
from archdsl.spec.catalog import words
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.rules.base import Finding
    from archdsl.rules.case import Case
    from archdsl.source import Span


def written(case: Case, name: str) -> Span | None:
    """Where an argument of the ``train`` clause stands; None where it is left out."""
    call = case.evaluation.clauses.calls.get("train")
    given = call.arguments if call is not None else ()
    return next((argument.value.span for argument in given if argument.name == name), None)


def rewritten(case: Case, name: str, value: str, safe: bool = False) -> Fix | None:
    """The fix that gives an argument of the ``train`` clause another value; None where a design
    chooses it, or it is worked out from other numbers."""
    call = case.evaluation.clauses.calls["train"]
    (given,) = (argument.value for argument in call.arguments if argument.name == name)
    if not isinstance(given, (ast.Number, ast.Name)):
        return None
    return Fix(f"write `{name}={value}`", (Edit(given.span, value),), safe=safe)


def optimizer(case: Case) -> str:
    """The word of the optimizer: ``adamw``."""
    own = type(case.train).__name__.lower()
    assert own in words("train"), own
    return own


def rejected_alike(case: Case, findings: Iterable[Finding]) -> bool:
    """Whether what is found in the ``train`` clause of a design rejects all of its space: they are
    trained by the same clause, and it is an error."""
    if "train" in case.program.open_clauses:
        return False
    return any(one.severity is Severity.ERROR for one in findings)
