"""``require``: of the whole design in an ``arch``, of values and sizes inside a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.measures import Measure
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
    metric = None if scope.metrics else _metric_in(node.condition, scope)
    if metric is not None:
        findings.append(_measured_inside(metric))
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


def _metric_in(condition: ast.Expression, scope: Scope) -> Span | None:
    """Where a condition speaks of what is measured of a whole design."""
    names = (node for node in condition.within() if isinstance(node, ast.Name))
    free = (name for name in names if not scope.binds(name.id))
    return next((name.span for name in free if Measure.knows(name.id)), None)


def _measured_inside(span: Span) -> Diagnostic:
    return Diagnostic(
        "E433",
        f"`{span.text}` is measured of a whole design, not inside a body",
        span,
        needed="a condition over values, sizes and choices, such as `w <= 2 * x.channels`",
        help=f"`require {span.text} …` stands in the `arch`, beside `data` and `task`",
    )
