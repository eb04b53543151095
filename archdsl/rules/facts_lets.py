"""Which ``let`` of which body nothing reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.graph.nodes import (
    Branch,
    CallNode,
    Chain,
    Fragment,
    Node,
    OpNode,
    Repeat,
    Slot,
)
from archdsl.record import Record
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.graph.nodes import Binding
    from archdsl.rules.case import Case
    from archdsl.source import Source, Span


def unread(case: Case) -> list[tuple[Binding, ...]]:
    """The bindings of each body that no reader leads to the result from, as the text has it: one
    that another argument or choice would read is not among them."""
    bodies: dict[Source, list[ast.Body]] = {}
    found: dict[Span, tuple[Binding, ...]] = {}
    for fragment in _fragments(case.graph.model):
        if not fragment.dead or fragment.span in found:
            continue
        source = fragment.span.source
        if source not in bodies:
            bodies[source] = [n for n in within(parse(source)) if isinstance(n, ast.Body)]
        needed = _needed(fragment, bodies[source])
        found[fragment.span] = tuple(b for b in fragment.dead if b.name not in needed)
    return [bindings for bindings in found.values() if bindings]


def _fragments(model: Fragment) -> list[Fragment]:
    """Every body of a graph, each once."""
    return [node for node in every(model) if isinstance(node, Fragment)]


def every(top: Node | Fragment) -> list[Node | Fragment]:
    """A node of a graph and all below it, each once."""
    found: dict[int, Node | Fragment] = {}
    waiting: list[Node | Fragment] = [top]
    while waiting:
        node = waiting.pop()
        if id(node) not in found:
            found[id(node)] = node
            waiting.extend(_inside(node))
    return list(found.values())


def _inside(node: Node | Fragment) -> tuple[Node | Fragment, ...]:
    if isinstance(node, Fragment):
        return (*(binding.node for binding in node.bindings), node.result)
    if isinstance(node, OpNode):
        return node.branches
    if isinstance(node, Chain):
        return node.steps
    if isinstance(node, Repeat):
        return (node.step,)
    if isinstance(node, CallNode):
        return (node.fragment,)
    return (node.layer,) if isinstance(node, (Slot, Branch)) else ()


def _needed(fragment: Fragment, bodies: list[ast.Body]) -> set[str]:
    """The names that the text of a body reads on the way to its result."""
    spans = {binding.span for binding in fragment.dead}
    body = next(body for body in bodies if any(let.span in spans for let in body.lets))
    needed = set(_names(body.result))
    for let in reversed(body.lets):
        if let.name.id in needed:
            needed.update(_names(let.value))
    return needed


def _names(expression: ast.Expression) -> Iterator[str]:
    calls = [node for node in within(expression) if isinstance(node, ast.Call)]
    words = {id(call.function) for call in calls}
    for node in within(expression):
        if isinstance(node, ast.Name) and id(node) not in words:
            yield node.id


def within(node: Record) -> Iterator[Record]:
    """A syntax node and all nodes in it."""
    yield node
    for value in vars(node).values():
        for part in value if type(value) is tuple else (value,):
            if isinstance(part, Record):
                yield from within(part)
