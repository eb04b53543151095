"""A part of a graph put in the place of another, how often a part runs, and where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archdsl.graph.nodes import Branch, CallNode, Chain, Fragment, OpNode, Repeat, Slot

if TYPE_CHECKING:
    from archdsl.graph.nodes import Node


class Swap:
    """``graph(model)`` is the model where ``old`` is ``new``; ``times`` then tells how often."""

    def __init__(self, old: Node, new: Node) -> None:
        self.old = old
        self.new = new
        self._made: dict[int, Any] = {}
        self._times: dict[int, int] = {}

    def part(self, part: Any) -> Any:
        if part is self.old:
            return self.new
        if id(part) not in self._made:
            self._made[id(part)] = self._rebuilt(part)
        return self._made[id(part)]

    def _rebuilt(self, part: Any) -> Any:
        if isinstance(part, Fragment):
            lets = tuple(replace(let, node=self.part(let.node)) for let in part.bindings)
            return replace(part, bindings=lets, result=self.part(part.result))
        if isinstance(part, OpNode):
            return replace(part, branches=tuple(map(self.part, part.branches)))
        if isinstance(part, Chain):
            return replace(part, steps=tuple(map(self.part, part.steps)))
        if isinstance(part, Repeat):
            return replace(part, step=self.part(part.step))
        if isinstance(part, CallNode):
            return replace(part, fragment=self.part(part.fragment))
        return (
            replace(part, layer=self.part(part.layer)) if isinstance(part, (Slot, Branch)) else part
        )

    def times(self, part: Any) -> int:
        """How often ``old`` runs in a part."""
        if part is self.old:
            return 1
        if id(part) not in self._times:
            each = part.count if isinstance(part, Repeat) else 1
            self._times[id(part)] = each * sum(map(self.times, _inside(part)))
        return self._times[id(part)]


def standing(top: Any) -> list[tuple[Any, bool]]:
    """A part of a graph and all in it, each with whether it is part of a module; twice where it
    stands both in one and outside."""
    found: dict[tuple[int, bool], tuple[Any, bool]] = {}
    waiting = [(top, False)]
    while waiting:
        part, in_module = waiting.pop()
        if (id(part), in_module) not in found:
            found[id(part), in_module] = (part, in_module)
            in_module = in_module or (isinstance(part, Slot) and part.module is not None)
            waiting += [(one, in_module) for one in _inside(part)]
    return list(found.values())


def _inside(part: Any) -> tuple[Any, ...]:
    if isinstance(part, Fragment):
        return (*(let.node for let in part.bindings), part.result)
    if isinstance(part, CallNode):
        return (part.fragment,)
    if isinstance(part, Chain):
        return part.steps
    if isinstance(part, Repeat):
        return (part.step,)
    if isinstance(part, OpNode):
        return part.branches
    return (part.layer,) if isinstance(part, (Slot, Branch)) else ()
