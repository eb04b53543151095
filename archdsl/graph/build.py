"""Making graph nodes from smaller ones: how large they are and what they read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.graph.nodes import (
    Binding,
    Branch,
    CallNode,
    Chain,
    Explored,
    Fragment,
    Node,
    OpNode,
    Ref,
    Repeat,
    Slot,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.source import Span
    from archdsl.types import TensorType

NO_REFS: frozenset[Ref] = frozenset()
NO_NAMES: frozenset[str] = frozenset()


def refs_of(nodes: Iterable[Node]) -> frozenset[Ref]:
    """All tensors bound by name that some nodes read."""
    found = NO_REFS
    for node in nodes:
        if node.refs:
            found = found | node.refs if found else node.refs
    return found


def reads_flow(node: Node) -> bool:
    """Whether what a node gives depends on what flows into it, and not on names alone."""
    match node:
        case Explored():
            return node.reads_flow
        case Slot() | Branch():
            return reads_flow(node.layer)
        case Ref():
            return False
    if not node.refs:
        return True
    match node:
        case Chain():
            return reads_flow(node.steps[0])
        case Repeat():
            return reads_flow(node.step)
        case CallNode():
            return _body_reads_flow(node.fragment)
        case OpNode():
            alone = not node.branches or node.op.branches.with_flow
            return alone or any(reads_flow(branch) for branch in node.branches)


def _body_reads_flow(body: Fragment) -> bool:
    nodes = [*(binding.node for binding in body.bindings), body.result]
    return any(ref.name == "x" and not ref.up for node in nodes for ref in node.refs) or any(
        reads_flow(node) for node in nodes
    )


def chain(steps: list[Node], takes: TensorType, span: Span) -> Node:
    """Steps in a row, flattened; a single step stands for itself. What a later step that ignores
    what flows in throws away is dead."""
    flat: list[Node] = []
    dead: list[Node] = []
    for step in steps:
        if flat and step.refs and not reads_flow(step):
            dead += flat
            flat = []
        if type(step) is Chain:
            flat.extend(step.steps)
            dead.extend(step.dead)
        else:
            flat.append(step)
    if len(flat) == 1 and not dead:
        return flat[0]
    size = 0
    refs = NO_REFS
    for step in flat:
        size += step.size
        if step.refs:
            refs = refs | step.refs if refs else step.refs
    out = flat[-1].out if flat else takes
    return Chain(tuple(flat), out, span, size, refs, tuple(dead))


def repeat(count: int, step: Node, span: Span, call: Any = None, before: int = 0) -> Node:
    """``count`` copies of a step that gives the type it takes; if it ignores what flows in, all
    but the last are dead."""
    if count == 1:
        return step
    if not reads_flow(step):
        return chain([step, step], step.out, span)
    return Repeat(count, step, step.out, span, count * step.size, step.refs, call, before)


def call(fragment: Fragment, span: Span, source: Any = None) -> CallNode:
    """A block applied; what it reads of outer bodies is seen from one body further out."""
    if not fragment.refs:
        return CallNode(fragment, span, call=source)
    outer = frozenset(ref.from_outside() for ref in fragment.refs)
    return CallNode(fragment, span, outer, source)


def fragment(
    name: str,
    arguments: tuple[tuple[str, Any], ...],
    takes: TensorType,
    bindings: list[Binding],
    result: Node,
    span: Span,
    braced: bool,
    tail: bool = False,
    nested: int = 0,
    source: Any = None,
    modules: frozenset[str] = NO_NAMES,
) -> Fragment:
    """A body evaluated: its lets sorted into those that reach the result and the dead. The
    ``tail`` of one is its last lets and its result; it reads lets before them, and the modules of
    the body, by their names."""
    live, dead = _reaching(bindings, result)
    size = result.size + sum(binding.node.size for binding in live)
    refs = result.refs.union(*(binding.node.refs for binding in live))
    own = {binding.name for binding in bindings}
    outer = frozenset(r for r in refs if r.up or (tail and r.name not in own)) if refs else NO_REFS
    return Fragment(
        name,
        arguments,
        takes,
        tuple(live),
        result,
        tuple(dead),
        result.out,
        size,
        span,
        braced,
        outer,
        nested,
        source,
        modules,
    )


def _reaching(bindings: list[Binding], result: Node) -> tuple[list[Binding], list[Binding]]:
    if not bindings:
        return bindings, bindings
    needed = {ref.name for ref in result.refs if not ref.up}
    live: list[Binding] = []
    dead: list[Binding] = []
    for binding in reversed(bindings):
        if binding.name not in needed:
            dead.append(binding)
            continue
        live.append(binding)
        needed.update(ref.name for ref in binding.node.refs if not ref.up)
    live.reverse()
    dead.reverse()
    return live, dead
