"""Which fragments become one class, and in which order classes are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.handed import Handed
from archdsl.graph.nodes import CallNode, Fragment, Node, OpNode, Repeat, Slot
from archdsl.graph.walk import body, children

if TYPE_CHECKING:
    from archdsl.emit.pytorch.facts import Facts

Key = tuple[Any, ...]


class Groups:
    """The fragments of a graph by block, each block after those it calls.

    ``slots`` tells which layer parameters of a block become modules given to its constructor: those
    applied once, closed, and not of one structure in all copies. Others are written out in place.
    """

    def __init__(self, model: Fragment, facts: Facts) -> None:
        self.facts = facts
        self.handed = Handed(facts)
        self.fragments = _reachable(model)
        self._blocks = {id(f): self._block(f) for f in self.fragments}
        self.slots = self._slots()
        self._below = {id(f): self._called(f) for f in self.fragments}
        self._heights: dict[int, int] = {}

    def slots_of(self, fragment: Fragment) -> tuple[str, ...]:
        """The layer parameters of its block that its class takes as modules."""
        return self.slots[self._blocks[id(fragment)]]

    def ordered(self) -> list[list[Fragment]]:
        """Groups of fragments, callees first; the model comes last, alone."""
        keys = {id(f): self._key(f) for f in self.fragments}
        members: dict[Key, list[Fragment]] = {}
        for fragment in self.fragments:
            members.setdefault(keys[id(fragment)], []).append(fragment)
        found: list[Key] = []
        seen: set[Key] = set()
        for key in members:
            self._visit(key, members, keys, seen, found)
        return [members[key] for key in found]

    def _visit(
        self, key: Key, members: dict[Key, list[Fragment]], keys: Any, seen: set[Key], found: Any
    ) -> None:
        if key in seen:
            return
        seen.add(key)
        for fragment in members[key]:
            for inner in self._below[id(fragment)]:
                self._visit(keys[id(inner)], members, keys, seen, found)
        found.append(key)

    def _key(self, fragment: Fragment) -> Key:
        block = self._blocks[id(fragment)]
        return (*block, self._height(fragment)) if block in self._recursive() else block

    def _block(self, fragment: Fragment) -> Key:
        """The block of a fragment, and which of its layer parameters could be handed over."""
        uses = self.handed.uses(fragment)
        closed = sorted(
            slot.parameter
            for slot, free in _slots(fragment)
            if free and len(uses[slot.parameter]) == 1 and self._closed(slot)
        )
        return (fragment.name, fragment.span, tuple(closed))

    def _recursive(self) -> frozenset[Key]:
        if not hasattr(self, "_cycles"):
            self._cycles = self._find_cycles()
        return self._cycles

    def _find_cycles(self) -> frozenset[Key]:
        edges: dict[Key, set[Key]] = {}
        for fragment in self.fragments:
            inner = edges.setdefault(self._blocks[id(fragment)], set())
            inner.update(self._blocks[id(f)] for f in self._below[id(fragment)])
        return frozenset(block for block in edges if _reaches(block, block, edges))

    def _height(self, fragment: Fragment) -> int:
        found = self._heights.get(id(fragment))
        if found is None:
            below = [self._height(inner) + 1 for inner in self._below[id(fragment)]]
            found = self._heights[id(fragment)] = max(below, default=0)
        return found

    def _called(self, fragment: Fragment) -> list[Fragment]:
        """The fragments whose classes the class of this one names."""
        waiting = [(node, True) for node in list(body(fragment))[::-1]]
        slots = self.slots[self._blocks[id(fragment)]]
        found: list[Fragment] = []
        while waiting:
            node, own = waiting.pop()
            if isinstance(node, CallNode):
                found.append(node.fragment)
                waiting += [(layer, False) for layer in self._handed(node.fragment)]
            elif isinstance(node, Slot):
                if not own or node.parameter not in slots:
                    waiting.append((node.layer, False))
            else:
                waiting += [(child, own) for child in children(node)[::-1]]
        return found

    def _handed(self, fragment: Fragment) -> list[Node]:
        slots = self.slots[self._blocks[id(fragment)]]
        return [node.layer for node, _ in _slots(fragment) if node.parameter in slots]

    def _slots(self) -> dict[Key, tuple[str, ...]]:
        blocks: dict[Key, list[Fragment]] = {}
        for fragment in self.fragments:
            blocks.setdefault(self._blocks[id(fragment)], []).append(fragment)
        return {key: self._handed_over(key[2], fragments) for key, fragments in blocks.items()}

    def _handed_over(self, closed: tuple[str, ...], fragments: list[Fragment]) -> tuple[str, ...]:
        shapes: dict[str, set[Key]] = {name: set() for name in closed}
        for fragment in fragments:
            for slot, _ in _slots(fragment):
                if slot.parameter in shapes:
                    shapes[slot.parameter].add(self.shape(slot.layer))
        return tuple(name for name, found in shapes.items() if len(found) > 1)

    def _closed(self, slot: Slot) -> bool:
        return not slot.refs and self.facts.stacks(slot.layer)

    def shape(self, node: Node) -> Key:
        """What a node is made of, whatever its numbers."""
        if isinstance(node, OpNode):
            module = self.facts.spelling(node).module
            return (type(node.op), module and module.makers, *map(self.shape, node.branches))
        if isinstance(node, CallNode):
            return (node.fragment.name, node.fragment.span)
        if isinstance(node, Slot):
            return self.shape(node.layer)
        return (type(node), *map(self.shape, children(node)))


def _reaches(start: Key, goal: Key, edges: dict[Key, set[Key]]) -> bool:
    seen: set[Key] = set()
    waiting = list(edges[start])
    while waiting:
        block = waiting.pop()
        if block == goal:
            return True
        if block not in seen:
            seen.add(block)
            waiting += edges[block]
    return False


def _slots(fragment: Fragment) -> list[tuple[Slot, bool]]:
    """The layer parameters a body applies, and whether each stands outside of repeats."""
    found: list[tuple[Slot, bool]] = []
    waiting = [(node, True) for node in list(body(fragment))[::-1]]
    while waiting:
        node, free = waiting.pop()
        if isinstance(node, Slot):
            found.append((node, free))
        else:
            inner = free and not isinstance(node, Repeat)
            waiting += [(child, inner) for child in children(node)[::-1]]
    return found


def _reachable(model: Fragment) -> list[Fragment]:
    """All fragments, in the order in which the source comes to them."""
    found: list[Fragment] = []
    seen: set[int] = set()
    waiting: list[Node | Fragment] = [model]
    while waiting:
        item = waiting.pop()
        if isinstance(item, CallNode):
            item = item.fragment
        if isinstance(item, Fragment):
            if id(item) not in seen:
                seen.add(id(item))
                found.append(item)
                waiting += list(body(item))[::-1]
        else:
            waiting += children(item)[::-1]
    return found
