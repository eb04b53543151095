"""Heads of attention: how wide they come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.graph.flat import Flat
from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph

HEADS = "heads"


def narrowest(graph: Graph) -> int | None:
    """The features of the narrowest head of attention over positions; None without attention."""
    widths = [
        types.channels(node.inputs[0]) // getattr(node.op, HEADS)
        for node in (step.node for step in Flat(graph).steps)
        if Trait.ATTENTION in node.op.traits and Trait.MESSAGE_PASSING not in node.op.traits
        if hasattr(node.op, HEADS) and not getattr(node.op, "head_width", None)
    ]
    return min(widths, default=None)
