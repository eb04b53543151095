"""Carrying a value along every path of a graph, from the input to the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from archdsl.graph.nodes import OpNode
from archdsl.graph.walk import Walker

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph

Value = TypeVar("Value")
Rule = Callable[[OpNode, "list[Value]"], Value]


def carry(graph: Graph, start: Value, rule: Rule[Value]) -> Value:
    """The value at the result, when the input has ``start`` and ``rule`` gives an op's from those
    of its inputs. Each op of each copy is visited once, in the order of the forward pass."""
    return _Carrier(rule).body(graph.model, start)


class _Carrier(Walker[Value]):
    def __init__(self, rule: Rule[Value]) -> None:
        super().__init__()
        self.rule = rule

    def op(self, node: OpNode, inputs: list[Value]) -> Value:
        return self.rule(node, inputs)
