"""A graph as a list of ops in the order of the forward pass, each with its inputs' places."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from archdsl.graph.nodes import (
    Branch,
    CallNode,
    Chain,
    Fragment,
    Graph,
    Node,
    OpNode,
    Ref,
    Repeat,
    Slot,
)

if TYPE_CHECKING:
    from archdsl.source import Span

INPUT = -1  # the place of what flows into the model


class Call(NamedTuple):
    """One call of a block on the way to an op."""

    block: str
    span: Span
    outer: Call | None


class Step(NamedTuple):
    """One op as it runs: ``inputs`` are places in the list, or :data:`INPUT`."""

    place: int
    node: OpNode
    inputs: tuple[int, ...]
    call: Call | None

    @property
    def calls(self) -> tuple[Call, ...]:
        """The block calls that led here, innermost first."""
        found: list[Call] = []
        call = self.call
        while call is not None:
            found.append(call)
            call = call.outer
        return tuple(found)


class Flat:
    """All ops of a graph, every copy on its own. ``output`` is the place of the result."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.steps: list[Step] = []
        self._bodies: list[dict[str, int]] = []
        self._call: Call | None = None
        self.output = self._body(graph.model, INPUT)

    @cached_property
    def readers(self) -> list[list[int]]:
        """The places that read each place's result."""
        found: list[list[int]] = [[] for _ in self.steps]
        for step in self.steps:
            for source in step.inputs:
                if source != INPUT:
                    found[source].append(step.place)
        return found

    def _body(self, fragment: Fragment, takes: int) -> int:
        names = {"x": takes}
        self._bodies.append(names)
        for binding in fragment.bindings:
            names[binding.name] = self._node(binding.node, takes)
        result = self._node(fragment.result, takes)
        self._bodies.pop()
        return result

    def _node(self, node: Node, takes: int) -> int:
        if not node.size and not node.refs:
            return takes  # nothing in it, however often
        if isinstance(node, OpNode):
            return self._op(node, takes)
        if isinstance(node, Ref):
            return self._bodies[-1 - node.up][node.name]
        if isinstance(node, Chain):
            for step in node.steps:
                takes = self._node(step, takes)
            return takes
        if isinstance(node, Repeat):
            for _ in range(node.count):
                takes = self._node(node.step, takes)
            return takes
        if isinstance(node, CallNode):
            return self._enter(node, takes)
        assert isinstance(node, (Slot, Branch))
        return self._node(node.layer, takes)

    def _enter(self, node: CallNode, takes: int) -> int:
        outer = self._call
        self._call = Call(node.fragment.name, node.span, outer)
        result = self._body(node.fragment, takes)
        self._call = outer
        return result

    def _op(self, node: OpNode, takes: int) -> int:
        inputs = [self._node(branch, takes) for branch in node.branches]
        if not inputs or node.op.branches.with_flow:
            inputs.insert(0, takes)
        self.steps.append(Step(len(self.steps), node, tuple(inputs), self._call))
        return len(self.steps) - 1
