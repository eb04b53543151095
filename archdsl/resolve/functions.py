"""The functions of values that a spec declares: their parameters, lets, requirements and result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.scalars import Mistaken
from archdsl.resolve.lower_values import lower_value
from archdsl.resolve.requirements import CHOICES, resolve_requirement
from archdsl.resolve.scope import LAYER, VALUE, Labels, Scope, sort_of
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.evaluate.requirements import Requirement
    from archdsl.evaluate.scalars import Scalar
    from archdsl.resolve.definition import FunctionDefinition
    from archdsl.resolve.scope import BlockTable
    from archdsl.source import Span


def resolve_function(
    function: FunctionDefinition, blocks: BlockTable, findings: list[Diagnostic]
) -> None:
    """Resolve the defaults and the body of a function, going on past mistakes."""
    node, body = function.node, function.body
    chosen = [part for part in node.within() if isinstance(part, CHOICES)]
    if chosen:
        findings.append(_chooses(node, chosen[0].span))
        body.result = Mistaken(node.span)
        body.defaults = dict.fromkeys(function.parameter_names, body.result)
        return
    scope = Scope(blocks, {}, flows_in=False, told=findings)
    for parameter in node.parameters:
        _bind(parameter.name, scope, findings)
        name = parameter.name.id
        if parameter.default is not None:
            body.defaults[name] = _lowered(function, parameter.default, scope)
        scope.kinds[name] = VALUE
    lets: list[tuple[str, Scalar]] = []
    requirements: list[tuple[int, Requirement]] = []
    for part in node.body.statements:
        if isinstance(part, ast.Let):
            _bind(part.name, scope, findings)
            lets.append((part.name.id, _lowered(function, part.value, scope)))
            scope.kinds[part.name.id] = VALUE
        else:
            held = resolve_requirement(part, scope, Labels(), findings)
            requirements += [(len(lets), held)] if held is not None else []
    body.lets = tuple(lets)
    body.requirements = tuple(requirements)
    body.result = _lowered(function, node.body.result, scope)


def _lowered(function: FunctionDefinition, node: ast.Expression, scope: Scope) -> Scalar:
    """A value of a function: a word may be one. A layer is a mistake."""
    if sort_of(node, scope) != LAYER:
        return lower_value(node, scope, Labels())
    scope.go_on(SpecError(_gives_a_layer(function.node, node)))
    return Mistaken(node.span)


def _bind(name: ast.Name, scope: Scope, findings: list[Diagnostic]) -> None:
    if name.id in scope.kinds:
        message = f"`{name.id}` is bound already in this function"
        findings.append(Diagnostic("E207", message, name.span, needed="another name"))


def _chooses(function: ast.Function, span: Span) -> Diagnostic:
    name = function.name.id
    return Diagnostic(
        "E241",
        f"`{span.text}` is a choice, and a function makes none",
        span,
        needed="a value for each value that it is given",
        help=f"choose where it is called: `{name}({span.text})`, or in a `let`",
    )


def _gives_a_layer(function: ast.Function, node: ast.Expression) -> Diagnostic:
    name = function.name.id
    return Diagnostic(
        "E239",
        f"`{name}` is a function of values, and there is a layer in it",
        node.span,
        needed="a value: numbers, conditions, texts, lists",
        help=f"what makes layers is a block: `block {name}(…)`, applied with `->`",
    )
