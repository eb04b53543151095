"""Bodies closed, and blocks written in place of their calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.closing.calls import given_to
from archdsl.closing.places import NotInline
from archdsl.closing.tree import counters_in, flow_of, is_literal, name_of, names_in, rebuilt
from archdsl.ops import catalog
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from archdsl.closing.base import Closer
    from archdsl.closing.opened import Opened
    from archdsl.closing.places import Place


def is_bare_choice(block: nodes.Block, opened: Opened) -> bool:
    """Whether a block is but the name of a choice: ``block op(w) = conv(w, 3) | identity``."""
    result = block.body.result
    if block.body.statements:
        return False
    if isinstance(result, nodes.Choice):
        return True
    is_when = isinstance(result, nodes.Call) and result.function.id == "when"
    return is_when and opened(result)


def body_of(closer: Closer, body: nodes.Body, place: Place) -> nodes.Body:
    """A body closed. One that is nothing but the only call of a block is what that block is."""
    taken_over = _taken_over(closer, body, place)
    if taken_over is not None:
        return taken_over
    statements: list[nodes.Let | nodes.Require] = []
    gone: set[str] = set()
    for part in body.statements:
        if isinstance(part, nodes.Let) and _is_gone(closer, part, place, gone):
            gone.add(part.name.id)
            continue
        if isinstance(part, nodes.Require):
            condition = closer.expression(part.condition, place)
            statements.append(rebuilt(part, condition=condition))
            continue
        let, place = let_of(closer, part, place)
        statements.append(let)
    result = closer.expression(body.result, place)
    same = not gone and all(
        new is old for new, old in zip(statements, body.statements, strict=True)
    )
    kept = body.statements if same else tuple(statements)
    return _plainer(rebuilt(body, statements=kept, result=result), body)


def _is_gone(closer: Closer, let: nodes.Let, place: Place, gone: set[str]) -> bool:
    """Whether a let is a module that the design has nowhere, so that what it chooses, or a module
    that it applies, is not known."""
    if not let.is_module or any((let.value.span, p) in closer.facts.applied for p in place.paths):
        return False
    return closer.opened(let.value) or any(name in gone for name in names_in(let.value))


def _plainer(closed: nodes.Body, before: nodes.Body) -> nodes.Body:
    """A body whose result has become the name of its last let: it is that let's layer."""
    last = closed.statements[-1] if closed.statements else None
    result = closed.result
    if not isinstance(last, nodes.Let) or isinstance(last, nodes.LetParts):
        return closed
    if not isinstance(result, nodes.Name):
        return closed
    if isinstance(before.result, nodes.Name) or result.id != last.name.id:
        return closed
    rest = closed.statements[:-1]
    return rebuilt(closed, statements=rest, result=last.value, braced=bool(rest))


def let_of(closer: Closer, let: nodes.Let, place: Place) -> tuple[nodes.Let, Place]:
    """A let closed, and the place behind it."""
    value = closer.expression(let.value, place)
    read = [name for name in names_in(let.value) if name in place.bound]
    from_constants = all(name in place.constants for name in read)
    chosen = closer.opened(let.value) and (is_literal(value) or from_constants)
    if isinstance(let, nodes.LetParts):
        for one in let.results:
            place = place.binding(one.id, False)
        return rebuilt(let, value=value), place
    name = let.name.id
    is_value = any((let.value.span, path) in closer.facts.values for path in place.paths)
    constant = is_value and (chosen or (bool(read) and from_constants))
    return rebuilt(let, value=value), place.binding(name, constant)


def _taken_over(closer: Closer, body: nodes.Body, place: Place) -> nodes.Body | None:
    """The body of the block that a body calls and nobody else does."""
    call = body.result
    if isinstance(call, nodes.Name):
        call = nodes.Call(call, (), call.span)
    if body.statements or not isinstance(call, nodes.Call) or call.function.id in place.bound:
        return None
    block = closer.copies.block(call.function.id)
    if block is None or not block.body.statements or closer.copies.is_split(block):
        return None
    if "x" not in place.bound:  # several inputs flow in, which have no name together
        return None
    known = closer.facts.calls
    met = [(call.span, path) for path in place.paths if (call.span, path) in known]
    inner = tuple(dict.fromkeys(known[one] for one in met))
    if not closer.copies.is_single(block, inner):
        return None
    try:
        inside = given_to(closer, call, block, place, inner, name_of("x", call.span))
        _refuse_capture(block, inside)
        return body_of(closer, block.body, inside)
    except NotInline:
        return None


def _refuse_capture(block: nodes.Block, inside: Place) -> None:
    """Raises where a name that is handed in means something else inside."""
    own = counters_in(block.body) | {name.id for let in block.body.lets for name in let.names}
    for given in inside.names.values():
        if any(name in own for name in names_in(given)):
            raise NotInline


def written_inline(closer: Closer, block: nodes.Block, inside: Place) -> nodes.Expression:
    """The layer that a block comes to, for where it is called. Raises :class:`NotInline`."""
    _refuse_capture(block, inside)
    place = inside
    for part in block.body.statements:
        if isinstance(part, nodes.Require):
            raise NotInline
        let, _ = let_of(closer, part, place)
        if not is_literal(let.value):
            raise NotInline
        place = place.naming(let.name.id, let.value)
    flowing = place.names["x"]
    assert isinstance(flowing, nodes.Name)
    return _without(flowing.id, closer.expression(block.body.result, place), flows=True)


def _without(flowing: str, node: nodes.Expression, flows: bool) -> nodes.Expression:
    """A layer that does not name what flows into it; ``flows`` where that is what it gets. Raises
    :class:`NotInline` where it needs the name."""
    if isinstance(node, nodes.Name) and node.id == flowing:
        if not flows:
            raise NotInline
        return name_of("identity", node.span)
    if not any(name == flowing for name in names_in(node)):
        return node
    if isinstance(node, nodes.Flow):
        first = _without(flowing, node.steps[0], flows)
        rest = [_without(flowing, step, flows=False) for step in node.steps[1:]]
        begins = isinstance(first, nodes.Name) and first.id == "identity" and rest
        return flow_of(rest if begins else [first, *rest], node.span)
    if isinstance(node, nodes.Call):
        inner = flows and (catalog.find(node.function.id) is not None or _is_when(node))
        arguments = tuple(
            rebuilt(argument, value=_without(flowing, argument.value, inner))
            for argument in node.arguments
        )
        return rebuilt(node, arguments=arguments)
    raise NotInline


def _is_when(node: nodes.Call) -> bool:
    return node.function.id == "when"
