"""From syntax to layer expressions: ops and blocks found, arguments matched, choices labelled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError, instead
from archdsl.evaluate import layers, scalars
from archdsl.evaluate.block_calls import BlockCall
from archdsl.evaluate.measures import misplaced
from archdsl.evaluate.op_calls import OpCall
from archdsl.evaluate.selections import Order
from archdsl.ops import catalog
from archdsl.ops.binding import signature
from archdsl.ops.synonyms import foreign
from archdsl.resolve.arguments import match_block, match_op, refuse_foreign_words, when_parts
from archdsl.resolve.lower_branches import is_group, lower_branch
from archdsl.resolve.lower_rows import bad_each, counted, is_each, names_of, several
from archdsl.resolve.lower_values import (
    known_value,
    lower_value,
    no_such_value,
    of_tensors,
    unknown_call,
    with_layers,
)
from archdsl.resolve.options import call_layers
from archdsl.resolve.scope import (
    LAYER,
    UNKNOWN,
    VALUE,
    Labels,
    Scope,
    is_function,
    probe_of,
    sort_of,
)
from archdsl.spec.constants import number
from archdsl.syntax import nodes as ast
from archdsl.syntax.text import expression_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.evaluate.branches import BranchGroup
    from archdsl.evaluate.layers import Thing
    from archdsl.ops.base import Op
    from archdsl.ops.binding import Parameter
    from archdsl.resolve.definition import BlockDefinition


def lower_any(expression: ast.Expression, scope: Scope, labels: Labels, whole: bool) -> Thing:
    """A value, a layer, or what a parameter will decide."""
    sort = sort_of(expression, scope)
    if sort == LAYER:
        return lower_layer(expression, scope, labels, whole)
    if sort == VALUE:
        return lower_value(expression, scope, labels, whole)
    scalar = lower_value(expression, scope, labels.copy(), whole)
    layer = lower_layer(expression, scope, labels, whole)
    return layers.Either(probe_of(expression, scope), scalar, layer)


def lower_layer(
    expression: ast.Expression, scope: Scope, labels: Labels, whole: bool = False
) -> layers.Layer:
    """A layer expression. ``whole``: a choice here may take the label of what holds it."""
    rule: Callable[..., layers.Layer] = _LAYERS.get(type(expression), _no_layer)
    try:
        return rule(expression, scope, labels, whole)
    except SpecError as error:
        scope.go_on(error)
        return layers.Mistaken(expression.span)


def _no_layer(node: ast.Expression, scope: Scope, *_: Any) -> layers.Layer:
    if isinstance(node, ast.Attribute) and node.owner.id not in scope.kinds:
        elsewhere = foreign(node.name)
        if elsewhere is not None:
            raise SpecError(_of_a_package(node, elsewhere.word, elsewhere.said()))
        if scope.is_layer_word(node.name):
            raise SpecError(_of_a_package(node, node.name, f"`{node.name}` stands alone here"))
    raise SpecError(value_not_layer(node))


def _of_a_package(node: ast.Attribute, word: str, said: str) -> Diagnostic:
    help, fix = instead(word, node.span, said)
    message = f"nothing here is called `{node.owner.id}`, and names have no packages"
    return Diagnostic("E201", message, node.span, needed="an op or a block", help=help, fix=fix)


def value_not_layer(expression: ast.Expression) -> Diagnostic:
    """What is wrong with a value where a layer is needed."""
    return Diagnostic(
        "E211",
        f"`{expression_text(expression)}` is a value, and a layer is needed here",
        expression.span,
        needed="a layer, such as `conv(64, 3)`, or a name bound to a tensor",
    )


def _name_layer(node: ast.Name, scope: Scope, labels: Labels, whole: bool) -> layers.Layer:
    kind = scope.kinds.get(node.id)
    if node.id in scope.words:
        raise scope.words[node.id].mistake()
    if kind == VALUE:
        raise SpecError(value_not_layer(node))
    if kind is not None:
        name = scope.tensor(node.id)
        return layers.Variable(name, labels.claim(node.id, own=True), node.span)
    if node.id == "x" and not scope.flows_in:
        return layers.Identity(node.span)
    if node.id == "none" and not scope.binds("none"):
        raise SpecError(_stray_none(node))
    if scope.measures(node.id):
        raise SpecError(misplaced(node.id, node.span))
    if not scope.is_layer_word(node.id):
        raise SpecError(no_such_layer(node, scope))
    return _call_layer(ast.Call(node, (), node.span), scope, labels, whole)


def no_such_layer(node: ast.Name, scope: Scope) -> Diagnostic:
    """The finding for a name that nothing binds, where a layer stands."""
    found = scalars.unknown_name(node.id, node.span, scope.known_names())
    said = scope.hints.get(node.id) if node.id == "x" else None
    return found if said is None else replace(found, help=said.help, fix=None)


def _stray_none(node: ast.Name) -> Diagnostic:
    return Diagnostic(
        "E235",
        "`none` is no layer: it leaves a branch out of a merge",
        node.span,
        needed="`none` among the arguments of a merge, as in `add(a, b | none)`",
        help="`identity` passes on what flows in, `zero` gives zeros",
    )


def _flow(node: ast.Flow, scope: Scope, labels: Labels, whole: bool) -> layers.Layer:
    first = node.steps[0]
    begins = isinstance(first, ast.Name) and sort_of(first, scope) != LAYER
    begins = begins or (isinstance(first, ast.Name) and first.id in scope.kinds)
    alone = whole and len(node.steps) == 2 and begins
    steps = tuple(
        lower_layer(step, scope, labels, alone and index == 1)
        for index, step in enumerate(node.steps)
    )
    return layers.Flow(steps, node.span)


def _choice_layer(node: ast.Choice, scope: Scope, labels: Labels, whole: bool) -> layers.Layer:
    label = labels.prefix if whole else labels.claim("choice")
    inner = labels.under(label)
    options = tuple(lower_layer(option, scope, inner) for option in node.options)
    return layers.Choose(label, options, *call_layers(node.options, node.names), node.span)


def _no_count(node: ast.Number) -> str:
    return f"cannot make {node.span.text} copies of a layer"


def _product(node: ast.Binary, scope: Scope, labels: Labels, whole: bool) -> layers.Layer:
    if sort_of(node.left, scope) == LAYER:
        raise SpecError(with_layers(node, scope))
    if node.operator != "*":
        beside = sort_of(node.right, scope) == LAYER
        raise SpecError(of_tensors(node) if beside else value_not_layer(node))
    if isinstance(node.left, ast.Number) and isinstance(number(node.left), float):
        finding = of_tensors(node)
        raise SpecError(replace(finding, code="E229", message=_no_count(node.left)))
    count = known_value(node.left, scope, labels.under(labels.claim("copies")), whole=True)
    return layers.Repeated(count, lower_layer(node.right, scope, labels, whole), node.span)


def _call_layer(node: ast.Call, scope: Scope, labels: Labels, whole: bool) -> layers.Layer:
    word = node.function.id
    if word in _SPECIAL and not (word == "permute" and scope.binds(word)):
        return _SPECIAL[word](node, scope, labels, whole)
    if word in scope.kinds:
        raise SpecError(_calls_a_parameter(node))
    if scope.blocks.function(word) is not None:
        raise SpecError(value_not_layer(node))
    block = scope.blocks.find(word)
    if block is not None:
        return _block_call(node, block, scope, labels)
    if scope.measures(word):
        raise SpecError(misplaced(word, node.span))
    op = catalog.find(word)
    if op is None:
        raise SpecError(value_not_layer(node) if is_function(word) else unknown_call(node, scope))
    if word == "identity":
        match_op(node, op)  # raises for arguments
        return layers.Identity(node.span)
    return _op_call(node, op, scope, labels)


def _results(node: ast.Results, scope: Scope, labels: Labels, whole: bool) -> layers.Layer:
    op = catalog.find(node.function.id)
    assert op is not None
    return _op_call(node, op, scope, labels)


def _calls_a_parameter(node: ast.Call) -> Diagnostic:
    word = node.function.id
    return Diagnostic(
        "E217",
        f"`{word}` is a name bound here; it takes no arguments",
        node.span,
        needed=f"`{word}` alone, applied to what flows in",
    )


def _when(node: ast.Call, scope: Scope, labels: Labels, whole: bool) -> layers.Layer:
    condition, yes, no = when_parts(node)
    test = known_value(condition, scope, labels)
    taken = lower_layer(yes, scope, labels)
    other = layers.Identity(node.span) if no is None else lower_layer(no, scope, labels)
    return layers.When(test, taken, other, node.span)


def _each(node: ast.Call, scope: Scope, labels: Labels, whole: bool) -> layers.Layer:
    if not is_each(node, scope):
        raise SpecError(bad_each(node))
    names = names_of(node.arguments[0])
    counts = isinstance(node.arguments[0].value, ast.Range)
    kind = VALUE if counts else UNKNOWN  # a list may hold layers
    label = labels.prefix if whole and labels.prefix else labels.claim("each")
    values = counted(node, scope, labels, label)
    inner = lower_layer(node.arguments[1].value, scope.adding(names, kind), Labels(), whole=True)
    return layers.Each(names, values, inner, label, node.span)


def _permute(node: ast.Call, scope: Scope, labels: Labels, whole: bool) -> layers.Layer:
    options, names = several(node)
    if all(isinstance(option, (ast.Number, ast.Negation)) for option in options):
        raise SpecError(_axes_permuted(node))
    label = labels.prefix if whole and labels.prefix else labels.claim("permute")
    inner = labels.under(label)
    steps = tuple(lower_layer(option, scope, inner) for option in options)
    order = Order(label, *call_layers(options, names), node.span)
    return layers.Permute(order, steps, node.span)


def _axes_permuted(node: ast.Call) -> Diagnostic:
    """The finding for PyTorch's ``permute(0, 2, 3, 1)``."""
    return Diagnostic(
        "E211",
        "`permute` puts layers into an order, and these are numbers",
        node.span,
        needed="layers: `permute(a, b, c)`",
        help="axes are swapped by their names: `transpose(height, width)`; the positions of an "
        "image become a sequence by `to_sequence`, and an image again by `to_image`",
    )


def _stray_pick(node: ast.Call, scope: Scope, labels: Labels, whole: bool) -> layers.Layer:
    raise SpecError(
        Diagnostic(
            "E219",
            "`pick` stands outside a merge",
            node.span,
            needed="`add(pick(2, a, b, c))`, or another merge around it; for values, "
            "`each(w = pick(2, 16, 32, 64), …)`",
        )
    )


_SPECIAL: dict[str, Callable[[ast.Call, Scope, Labels, bool], layers.Layer]] = {
    "when": _when,
    "each": _each,
    "pick": _stray_pick,
    "permute": _permute,
}

_LAYERS: dict[type, Callable[..., layers.Layer]] = {
    ast.Name: _name_layer,
    ast.Flow: _flow,
    ast.Choice: _choice_layer,
    ast.Binary: _product,
    ast.Call: _call_layer,
    ast.Results: _results,
}


# Calls ---------------------------------------------------------------------------------------


def _block_call(
    node: ast.Call, block: BlockDefinition, scope: Scope, labels: Labels
) -> layers.Layer:
    label = labels.claim(node.function.id)
    inner = labels.under(label)
    arguments: list[tuple[str, Thing]] = []
    for name, expression in match_block(node, block.parameter_names, block.required):
        if expression is None:
            arguments.append((name, block.default(name)))
        else:
            arguments.append((name, _argument(expression, scope, inner, name)))
    return BlockCall(block.body, tuple(arguments), label, scope.blocks.memo, node.span)


def _argument(expression: ast.Expression, scope: Scope, inner: Labels, name: str) -> Thing:
    """An argument; a layer's choices are labelled anew, under the place it is applied."""
    if sort_of(expression, scope) == LAYER:
        return lower_layer(expression, scope, Labels(), whole=True)
    return lower_any(expression, scope, inner.under(inner.claim(name)), whole=True)


def _op_call(node: ast.Call, op: type[Op], scope: Scope, labels: Labels) -> layers.Layer:
    inner = labels.under(labels.claim(node.function.id))
    matched, fields = match_op(node, op)
    refuse_foreign_words(node, op, scope.kinds)
    required = len(op.branches.names)
    branches = tuple(
        _branch(branch, op, index < required, scope, labels) for index, branch in enumerate(matched)
    )
    arguments = tuple(
        (parameter, _field(parameter, expression, scope, inner)) for parameter, expression in fields
    )
    return OpCall(op, arguments, branches, node.span)


def _branch(
    node: ast.Expression, op: type[Op], is_required: bool, scope: Scope, labels: Labels
) -> layers.Layer | BranchGroup:
    if is_required and is_group(node, scope):
        raise SpecError(_fixed_branches(node, op))
    return lower_branch(node, scope, labels, lower_layer)


def _fixed_branches(node: ast.Expression, op: type[Op]) -> Diagnostic:
    return Diagnostic(
        "E235",
        f"`{op.word()}` needs each of its branches",
        node.span,
        needed=f"`{signature(op)}`: one layer for each name",
    )


def _field(parameter: Parameter, expression: ast.Expression, scope: Scope, inner: Labels) -> Thing:
    label = inner.under(inner.claim(parameter.name))
    if not isinstance(expression, ast.Name):
        return lower_value(expression, scope, label, whole=True)
    if expression.id in parameter.accepts.names:  # whatever else is called so here
        return scalars.Unbound(expression.id, expression.span, scope.known_names())
    if parameter.accepts.kind == "tensor" and expression.id in scope.kinds:
        scope.lent.add(expression.id)
        return layers.Variable(scope.tensor(expression.id), label.prefix, expression.span)
    if scope.kinds.get(expression.id) == UNKNOWN:
        return lower_any(expression, scope, label, whole=True)
    scalar = lower_value(expression, scope, label, whole=True)
    if isinstance(scalar, scalars.Unbound) and not parameter.accepts.names:
        scope.go_on(no_such_value(scalar, scope))
        return scalars.Mistaken(expression.span)
    return scalar
