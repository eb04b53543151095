"""``require``: of the whole design in an ``arch``, of values and sizes inside a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.requirements import Requirement
from archdsl.resolve.lower_values import lower_value
from archdsl.syntax import nodes as ast

CHOICES = (ast.Choice, ast.Range)

if TYPE_CHECKING:
    from archdsl.resolve.scope import Labels, Scope
    from archdsl.source import Span


def resolve_requirement(
    node: ast.Require, scope: Scope, labels: Labels, findings: list[Diagnostic]
) -> Requirement | None:
    """A requirement with its names resolved; None when something is wrong with it."""
    choice = next((n for n in node.condition.within() if isinstance(n, CHOICES)), None)
    if choice is not None:
        findings.append(_chosen(choice.span))
        return None
    scope.measured = False
    try:
        condition = lower_value(node.condition, scope, labels)
    except SpecError as error:
        findings.extend(error.diagnostics)
        return None
    message = node.message.value if node.message else ""
    return Requirement(condition, message, node.span, scope.measured, not scope.metrics)


def _chosen(span: Span) -> Diagnostic:
    return Diagnostic(
        "E434",
        f"`{span.text}` is a choice, and a requirement makes none",
        span,
        needed="a condition over values and metrics",
        help=f"choose in a `let`, and name that in the requirement: `let limit = {span.text}`",
    )
