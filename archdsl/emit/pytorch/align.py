"""Laying the copies of a block over one another, place by place of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.templates import (
    AltStep,
    CallStep,
    DifferentStructure,
    Flow,
    OpStep,
    RefStep,
    RepeatStep,
    SlotStep,
    Unit,
)
from archdsl.graph.nodes import Branch, CallNode, Chain, Fragment, Node, OpNode, Ref, Repeat, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.emit.pytorch.facts import Facts

Rows = dict[int, Any]


class Aligner:
    """Aligns the fragments of one class; ``units`` finds the class of those called."""

    def __init__(
        self, facts: Facts, units: Callable[[Fragment], Unit], slots: tuple[str, ...]
    ) -> None:
        self.facts = facts
        self.units = units
        self.slots = slots
        self.outside: dict[Any, RefStep] = {}
        self.agreed: list[tuple[Rows, bool]] = []  # conditions that came out alike in all rows
        self._borrowed = 0  # how many layers of other bodies this place is inside of

    def flow(self, rows: Rows) -> Flow:
        """The steps of some nodes, one for each row."""
        kinds = {type(node) for node in rows.values()}
        if kinds == {Slot} or kinds == {Branch}:
            return self._transparent(rows, kinds)
        if kinds == {Chain}:
            return self._chain(rows)
        if kinds == {OpNode}:
            return [self._op(rows)]
        if kinds == {CallNode}:
            return [self._call(rows)]
        if kinds == {Ref} and self._same_ref(rows):
            return [self.reference(rows)]
        if Repeat in kinds and not kinds & {Ref, Branch, Slot}:
            return [self._repeat(rows)]
        if kinds & {Branch, Ref}:
            return self._alternatives(rows)
        raise DifferentStructure

    def _transparent(self, rows: Rows, kinds: set[type]) -> Flow:
        if Slot in kinds:
            (parameter, *others) = {node.parameter for node in rows.values()}
            if others:
                raise DifferentStructure
            if parameter in self.slots and not self._borrowed:
                return [SlotStep(parameter)]
            return self._borrow({row: node.layer for row, node in rows.items()})
        if len({node.taken for node in rows.values()}) > 1:
            return self._alternatives(rows)
        if not self._borrowed:
            self.agreed.append((rows, next(iter(rows.values())).taken))
        return self.flow({row: node.layer for row, node in rows.items()})

    def _borrow(self, rows: Rows) -> Flow:
        self._borrowed += 1
        found = self.flow(rows)
        self._borrowed -= 1
        return found

    def _chain(self, rows: Rows) -> Flow:
        lengths = {len(node.steps) for node in rows.values()}
        if len(lengths) > 1:
            raise DifferentStructure
        found: Flow = []
        for place in range(lengths.pop()):
            found += self.flow({row: node.steps[place] for row, node in rows.items()})
        return found

    def _op(self, rows: Rows) -> OpStep:
        if len({self._shape_of(node) for node in rows.values()}) > 1:
            raise DifferentStructure
        width = len(next(iter(rows.values())).branches)
        branches = [
            self.flow({row: node.branches[place] for row, node in rows.items()})
            for place in range(width)
        ]
        return OpStep(rows, branches)

    def _shape_of(self, node: OpNode) -> tuple[Any, ...]:
        spelling = self.facts.spelling(node)
        construct = spelling.module
        callee = construct and (construct.callee, construct.positional)
        text = None if callee else spelling.function  # a module says what the function would
        return (type(node.op), callee, spelling.apply, text, len(node.branches))

    def _call(self, rows: Rows) -> CallStep:
        (unit, *others) = {self.units(node.fragment) for node in rows.values()}
        if others:
            raise DifferentStructure
        slots = {
            name: self._borrow({r: slot_layer(n.fragment, name) for r, n in rows.items()})
            for name in unit.slots
        }
        tensors = [self._passed(rows, unit, wanted) for wanted in unit.outside]
        return CallStep(unit, rows, slots, tensors)

    def _passed(self, rows: Rows, unit: Unit, wanted: RefStep) -> RefStep:
        refs: Rows = {}
        for row, node in rows.items():
            inner = wanted.rows[unit.row(node.fragment)]
            refs[row] = Ref(inner.name, inner.up - 1, inner.out, inner.span)
        if not self._same_ref(refs):
            raise DifferentStructure
        return self.reference(refs)

    def _same_ref(self, rows: Rows) -> bool:
        inside = {ref.name for ref in rows.values() if not ref.up}
        return not inside or (len(inside) == 1 and all(not ref.up for ref in rows.values()))

    def reference(self, rows: Rows) -> RefStep:
        """A tensor by name; those from outside are collected, each once."""
        step = RefStep(rows)
        return self.outside.setdefault(step.key, step) if step.from_outside else step

    def _repeat(self, rows: Rows) -> RepeatStep:
        counts = {r: node.count if type(node) is Repeat else 1 for r, node in rows.items()}
        inner = {r: node.step if type(node) is Repeat else node for r, node in rows.items()}
        return RepeatStep(counts, self.flow(inner), rows)

    def _alternatives(self, rows: Rows) -> Flow:
        taken = {row: self._taken(node, rows) for row, node in rows.items()}
        if len(set(taken.values())) < 2:
            raise DifferentStructure
        sides = [
            {r: _within(n) for r, n in rows.items() if taken[r] is side} for side in (True, False)
        ]
        return [AltStep(taken, self.flow(sides[0]), self.flow(sides[1]), rows)]

    def _taken(self, node: Node, rows: Rows) -> bool:
        branches = [n for n in rows.values() if type(n) is Branch]
        if type(node) is Branch:
            return node.taken
        if branches:
            return not branches[0].taken
        first = next(iter(rows.values()))
        return type(node) is type(first) and getattr(node, "name", 0) == getattr(first, "name", 1)


def _within(node: Node) -> Node:
    return node.layer if type(node) is Branch else node


def slot_layer(fragment: Fragment, parameter: str) -> Node:
    """The layer handed to a block, from the one place where the block applies it."""
    waiting: list[Node] = [b.node for b in fragment.bindings] + [fragment.result]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Slot) and node.parameter == parameter:
            return node.layer
        if isinstance(node, Chain):
            waiting += node.steps
        elif isinstance(node, OpNode):
            waiting += node.branches
        elif isinstance(node, (Slot, Branch)):
            waiting.append(node.layer)
        elif isinstance(node, Repeat):
            waiting.append(node.step)
    raise DifferentStructure
