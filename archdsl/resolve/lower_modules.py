"""``module tower = conv(16, 3) -> relu``: a layer with one set of weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archdsl.diagnostics import SpecError
from archdsl.evaluate.block_calls import BlockCall, ModuleBody
from archdsl.evaluate.body import Body
from archdsl.evaluate.layers import Mistaken, Module
from archdsl.evaluate.op_calls import OpCall
from archdsl.evaluate.sharing import reads_a_tensor
from archdsl.resolve.lower_layers import lower_any, lower_layer, value_not_layer
from archdsl.resolve.scope import LAYER, VALUE, Labels, Scope, sort_of
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.evaluate.layers import Layer, Thing


def lower_module(let: ast.Let, scope: Scope, labels: Labels) -> Layer:
    """The module that a statement makes; or something mistaken, once that is told."""
    try:
        return _lowered(let, scope, labels)
    except SpecError as error:
        scope.go_on(error)
        return Mistaken(let.span)


def _lowered(let: ast.Let, scope: Scope, labels: Labels) -> Module:
    """One that is an op or a block is that; any other is a block of its own, which is given the
    names that it reads."""
    name, value = let.name.id, let.value
    is_unknown = isinstance(value, ast.Name) and value.id not in scope.kinds
    if sort_of(value, scope) == VALUE and not is_unknown:
        help = f"`let {name} = …` binds a value"
        raise SpecError(replace(value_not_layer(value), help=help))
    _refuse_tensors(let, scope)
    names = tuple(dict.fromkeys(one.id for one in _names_read(value, scope) if one.id != "x"))
    flows_in = {**scope.kinds, "x": LAYER}
    inside = Scope(scope.blocks, flows_in, told=scope.told)
    inside.lent, inside.applied = scope.lent, scope.applied
    inside.words, inside.hints = scope.words, scope.hints
    layer = lower_layer(value, inside, labels, whole=True)
    if _stands_alone(layer) and "x" not in layer.free:
        return Module(name, layer)
    return Module(name, _as_block(let, layer, names, scope))


def _names_read(value: ast.Expression, scope: Scope) -> Iterator[ast.Name]:
    """The names of the scope that an expression reads, sizes of tensors included."""
    options: set[int] = set()  # what the options of a choice are called reads nothing
    for part in value.within():
        if isinstance(part, ast.Choice):
            options.update(map(id, part.names))
        elif isinstance(part, ast.Name) and part.id in scope.kinds and id(part) not in options:
            yield part


def _refuse_tensors(let: ast.Let, scope: Scope) -> None:
    """Raises where a module reads a tensor of the body around it, or its size."""
    sizes = {id(one.owner): one for one in let.value.within() if isinstance(one, ast.Attribute)}
    for one in _names_read(let.value, scope):
        if scope.kinds[one.id] == LAYER and one.id not in scope.applied and one.id != "x":
            size = sizes.get(id(one))
            read = f"{one.id}.{size.name}" if size is not None else ""
            raise SpecError(reads_a_tensor(let.name.id, one.id, one.span, read))


def _stands_alone(layer: Layer) -> bool:
    """Whether a layer is one op or block."""
    return type(layer) is BlockCall or (type(layer) is OpCall and not layer.branches)


def _as_block(let: ast.Let, layer: Layer, names: tuple[str, ...], scope: Scope) -> ModuleBody:
    body = Body(let.name.id, shared=False, braced=False, span=let.span)
    body.parameters = names
    body.result = layer
    arguments: list[tuple[str, Thing]] = []
    for name in names:
        named = ast.Name(name, let.name.span)
        arguments.append((name, lower_any(named, scope, Labels(), whole=True)))
    return ModuleBody(body, tuple(arguments), "", scope.blocks.memo, let.value.span)
