"""What of a graph is drawn as one box, and what is not drawn at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.graph.nodes import Branch, CallNode, Chain, OpNode, Repeat, Slot
from archdsl.graph.walk import every
from archdsl.pictures.offered import Offer, OpenMerge, OpenRow

if TYPE_CHECKING:
    from archdsl.graph.nodes import Fragment, Node


def is_drawn(node: Node) -> bool:
    """Whether there is something in a node to be drawn."""
    return bool(node.size) or any(
        isinstance(one, (Offer, OpenMerge, OpenRow)) for one in every(node)
    )


def inmost(node: Node) -> Node:
    """What is inside of what is not drawn."""
    while isinstance(node, (Slot, Branch)) and not isinstance(node, (Offer, OpenMerge, OpenRow)):
        if isinstance(node, Slot) and node.module is not None:
            return node
        node = node.layer
    return node


def one_box(node: Node) -> Node | None:
    """The node that is drawn as one box, open or not; None where several are, or none."""
    node = inmost(node)
    if isinstance(node, OpNode):
        return None if any(map(is_drawn, node.branches)) else node
    is_row = isinstance(node, (OpenMerge, OpenRow))
    return node if isinstance(node, (CallNode, Slot)) and not is_row else None


def last_box(node: Node) -> Node | None:
    """The last node of a row that is drawn as a box of its own."""
    if isinstance(node, Chain):
        drawn = [step for step in node.steps if is_drawn(step)]
        return last_box(drawn[-1]) if drawn else None
    node = inmost(node)
    return node if isinstance(node, (OpNode, CallNode, Repeat, Slot)) and is_drawn(node) else None


def only_call(fragment: Fragment) -> CallNode | None:
    """The call that a block is, if it is nothing else."""
    result = inmost(fragment.result)
    only = not fragment.bindings and isinstance(result, CallNode) and result.size > 1
    return result if only and isinstance(result, CallNode) else None


def holds_choice(fragment: Fragment) -> bool:
    """Whether a small body has choices to be drawn."""
    return any(isinstance(node, (Offer, OpenMerge)) for node in every(fragment))


def only_op(node: Node) -> OpNode | None:
    """The op of a block that has one alone."""
    while not isinstance(node, OpNode):
        if isinstance(node, CallNode):
            drawn = [let.node for let in node.fragment.bindings if let.node.size]
            node = drawn[0] if drawn else node.fragment.result
        elif isinstance(node, Chain):
            drawn = [step for step in node.steps if step.size]
            if not drawn:
                return None
            node = drawn[0]
        elif isinstance(node, (Slot, Branch)):
            node = node.layer
        elif isinstance(node, Repeat):
            node = node.step
        else:
            return None
    return node
