"""Carrying a value along every path of a graph, from the input to the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

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

Value = TypeVar("Value")
Rule = Callable[[OpNode, "list[Value]"], Value]


def carry(graph: Graph, start: Value, rule: Rule[Value]) -> Value:
    """The value at the result, when the input has ``start`` and ``rule`` gives an op's from those
    of its inputs. Each op of each copy is visited once, in the order of the forward pass."""
    return _Carrier(rule).body(graph.model, start)


class _Carrier(Generic[Value]):
    def __init__(self, rule: Rule[Value]) -> None:
        self.rule = rule
        self.bodies: list[dict[str, Value]] = []

    def body(self, fragment: Fragment, takes: Value) -> Value:
        names = {"x": takes}
        self.bodies.append(names)
        for binding in fragment.bindings:
            names[binding.name] = self.node(binding.node, takes)
        result = self.node(fragment.result, takes)
        self.bodies.pop()
        return result

    def node(self, node: Node, takes: Value) -> Value:
        if not node.size and not node.refs:
            return takes  # nothing in it, however often
        if isinstance(node, OpNode):
            return self.op(node, takes)
        if isinstance(node, Ref):
            return self.bodies[-1 - node.up][node.name]
        if isinstance(node, Chain):
            for step in node.steps:
                takes = self.node(step, takes)
            return takes
        if isinstance(node, Repeat):
            for _ in range(node.count):
                takes = self.node(node.step, takes)
            return takes
        if isinstance(node, CallNode):
            return self.body(node.fragment, takes)
        assert isinstance(node, (Slot, Branch))
        return self.node(node.layer, takes)

    def op(self, node: OpNode, takes: Value) -> Value:
        inputs = [self.node(branch, takes) for branch in node.branches]
        if not inputs or node.op.branches.with_flow:
            inputs.insert(0, takes)
        return self.rule(node, inputs)
