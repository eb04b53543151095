"""From syntax to the branches of a merge: layers, ``none``, ``pick``, and choices among those."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate import layers
from archdsl.evaluate.branches import Absent, Alternatives, BranchGroup, Pick, WhenBranch
from archdsl.resolve.arguments import when_parts
from archdsl.resolve.lower_values import known_value
from archdsl.resolve.options import Names, call_layers
from archdsl.resolve.scope import Labels, Scope
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.evaluate.layers import Layer

LowerLayer = Callable[[ast.Expression, Scope, Labels], "Layer"]


def lower_branch(
    node: ast.Expression, scope: Scope, labels: Labels, lower_layer: LowerLayer
) -> Layer | BranchGroup:
    """An argument of a merge: one layer as ``lower_layer`` makes it, or so many of them."""
    if not is_group(node, scope):
        return lower_layer(node, scope, labels)
    if isinstance(node, ast.Name):
        return Absent(node.span)
    if isinstance(node, ast.Choice):
        return _alternatives(node, scope, labels, lower_layer)
    assert isinstance(node, ast.Call)
    lower = _when if node.function.id == "when" else _pick
    return lower(node, scope, labels, lower_layer)


def is_group(node: ast.Expression, scope: Scope) -> bool:
    """Whether an argument of a merge may come to other than one layer."""
    if isinstance(node, ast.Name):
        return node.id == "none" and not scope.binds("none")
    if isinstance(node, ast.Choice):
        return any(is_group(option, scope) for option in node.options)
    if not isinstance(node, ast.Call):
        return False
    if node.function.id == "when":
        return any(is_group(argument.value, scope) for argument in node.arguments[1:])
    return node.function.id == "pick"


def _alternatives(
    node: ast.Choice, scope: Scope, labels: Labels, lower_layer: LowerLayer
) -> Alternatives:
    label = labels.claim("choice")
    inner = labels.under(label)
    options = tuple(lower_branch(option, scope, inner, lower_layer) for option in node.options)
    return Alternatives(label, options, *call_layers(node.options, node.names), node.span)


def _when(node: ast.Call, scope: Scope, labels: Labels, lower_layer: LowerLayer) -> WhenBranch:
    condition, yes, no = when_parts(node)
    test = known_value(condition, scope, labels)
    taken = lower_branch(yes, scope, labels, lower_layer)
    if no is None:
        return WhenBranch(test, taken, layers.Identity(node.span), node.span)
    return WhenBranch(test, taken, lower_branch(no, scope, labels, lower_layer), node.span)


def _pick(node: ast.Call, scope: Scope, labels: Labels, lower_layer: LowerLayer) -> Pick:
    count, options, names = picked_from(node)
    label = labels.claim("pick")
    inner = labels.under(label)
    number = known_value(count, scope, inner.under(inner.claim("count")), whole=True)
    branches = tuple(lower_branch(option, scope, inner, lower_layer) for option in options)
    labels_, spellings = call_layers(options, names)
    return Pick(label, number, branches, labels_, node.span, spellings)


def picked_from(node: ast.Call) -> tuple[ast.Expression, tuple[ast.Expression, ...], Names]:
    """How many a ``pick`` takes, of what, and the names that it gives them."""
    arguments = node.arguments
    if len(arguments) < 2 or arguments[0].name is not None:
        message = "`pick` needs how many to pick, and what from"
        raise SpecError(Diagnostic("E219", message, node.span, needed="`pick(k, a, b, c)`"))
    return arguments[0].value, *named(arguments[1:])


def named(arguments: tuple[ast.Argument, ...]) -> tuple[tuple[ast.Expression, ...], Names]:
    """Options that stand as arguments, which may give them names."""
    names = tuple(ast.Name(a.name, a.span) if a.name else None for a in arguments)
    return tuple(argument.value for argument in arguments), names
