"""Modules in a graph: where they are applied, and whether two uses have the same weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.graph.nodes import CallNode, Chain, Explored, ModuleRef, OpNode, Repeat, Slot
from archdsl.graph.walk import body, children
from archdsl.types import UNKNOWN

if TYPE_CHECKING:
    from archdsl.graph.nodes import Fragment, Node, Ref
    from archdsl.ops.base import Spelling


def applied_in(fragment: Fragment, wanted: Ref) -> Slot | None:
    """The first use of a module that a body names so; for one type, if that is said."""
    waiting: list[tuple[Node, Ref]] = [(node, wanted) for node in reversed(list(body(fragment)))]
    while waiting:
        node, ref = waiting.pop()
        if not _mentions(node, ref):
            continue
        if isinstance(node, Slot) and node.module is not None and _is(node.module, ref):
            return node
        inside = ref
        if isinstance(node, CallNode):
            inside = _further_out(ref)
        waiting += [(child, inside) for child in reversed(_inside(node))]
    return None


def _mentions(node: Node, wanted: Ref) -> bool:
    return any(_is(ref, wanted) for ref in node.refs)


def _is(ref: Ref, wanted: Ref) -> bool:
    if isinstance(wanted, ModuleRef):
        return ref == wanted
    return isinstance(ref, ModuleRef) and (ref.name, ref.up) == (wanted.name, wanted.up)


def _further_out(ref: Ref) -> Ref:
    """The same as a body called here names it."""
    if isinstance(ref, ModuleRef):
        return ModuleRef(ref.name, ref.up + 1, ref.out, ref.span, ref.takes)
    return type(ref)(ref.name, ref.up + 1, ref.out, ref.span)


def _inside(node: Node) -> list[Node]:
    return list(body(node.fragment) if isinstance(node, CallNode) else children(node))


def same_weights(one: Node, other: Node) -> bool:
    """Whether two nodes are one module: their submodules are made alike and applied alike."""
    waiting = [(one, other)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        first, second = waiting.pop()
        if first is second or (id(first), id(second)) in seen:
            continue
        seen.add((id(first), id(second)))
        if type(first) is not type(second) or not _alike(first, second):
            return False
        inner, others = _inside(first), _inside(second)
        if len(inner) != len(others):
            return False
        waiting += zip(inner, others, strict=True)
    return True


def _alike(first: Node, second: Node) -> bool:
    """Whether two nodes of one type are alike, apart from what is inside them."""
    if isinstance(first, OpNode):
        assert isinstance(second, OpNode)
        if UNKNOWN in (*first.inputs, *second.inputs):  # of something mistaken nothing is said
            return True
        return type(first.op) is type(second.op) and _written(first) == _written(second)
    if isinstance(first, Repeat):
        return first.count == second.count  # type: ignore[union-attr]
    if isinstance(first, (Chain, Slot, CallNode)):
        return True
    return isinstance(first, Explored) or first.refs == second.refs


def _written(node: OpNode) -> tuple[object, ...]:
    """How an op is written: what its submodule is made with, what else ``forward`` says."""
    spelling: Spelling = node.op.spelling(*node.inputs)
    made = spelling.module
    text = spelling.function if made is None else None
    values = tuple(spelling.values.items()) if made is None else ()
    construct = made and (made.callee, tuple(made.arguments.items()))
    return (construct, spelling.apply, text, values)
