"""Which blocks are alike: the same layers in the same order, whatever their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.graph.nodes import CallNode, Chain, OpNode, Ref, Repeat

if TYPE_CHECKING:
    from archdsl.graph.nodes import Fragment, Node


class Structures:
    """A number for each structure that was met."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._of: dict[int, tuple[Fragment, int]] = {}

    def of(self, fragment: Fragment) -> int:
        """The number of a body's structure; equal for bodies that are alike."""
        known = self._of.get(id(fragment))
        if known is None:
            lets = tuple((let.name, self._node(let.node)) for let in fragment.bindings)
            key = ("body", fragment.name, fragment.span, lets, self._node(fragment.result))
            known = self._of[id(fragment)] = fragment, self._number(key)
        return known[1]

    def _number(self, key: Any) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _node(self, node: Node) -> int:
        if isinstance(node, CallNode):
            return self.of(node.fragment)
        if isinstance(node, OpNode):
            key: Any = (node.op.word(), tuple(map(self._node, node.branches)))
        elif isinstance(node, Chain):
            key = ("chain", tuple(map(self._node, node.steps)))
        elif isinstance(node, Repeat):
            key = ("copies", self._node(node.step))
        elif isinstance(node, Ref):
            key = ("ref", node.up, "" if node.up else node.name)
        else:
            layer = getattr(node, "layer", None)
            return self._node(layer) if layer is not None else self._number(("other",))
        return self._number(key)
