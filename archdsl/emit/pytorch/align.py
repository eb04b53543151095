"""Laying the copies of a block over one another, place by place of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.handed import handed_on
from archdsl.emit.pytorch.places import Place, copies_of, places, repeats_around, steps_of
from archdsl.emit.pytorch.templates import (
    AltStep,
    CallStep,
    DifferentStructure,
    Flow,
    MadeStep,
    ModuleStep,
    OpStep,
    RefStep,
    RepeatStep,
    SlotStep,
    Unit,
)
from archdsl.graph.modules import applied_in
from archdsl.graph.nodes import (
    Branch,
    CallNode,
    Chain,
    Fragment,
    Node,
    OpNode,
    Ref,
    Repeat,
    Slot,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archdsl.emit.pytorch.facts import Facts
    from archdsl.emit.pytorch.handed import Handed
    from archdsl.source import Span

Rows = dict[int, Any]


class Aligner:
    """Aligns the fragments of one class; ``units`` finds the class of those called."""

    def __init__(
        self,
        facts: Facts,
        units: Callable[[Fragment], Unit],
        unit: Unit,
        handed: Handed,
    ) -> None:
        self.facts = facts
        self.units = units
        self.slots = unit.slots
        self.makers = unit.makers
        self.handed = handed
        self.things = _expressions(unit)
        self.names = unit.names
        self.outside: dict[Any, RefStep] = {}
        self.agreed: list[tuple[Rows, bool]] = []  # conditions that came out alike in all rows
        self._borrowed = 0  # how many layers of other bodies this place is inside of

    def flow(self, rows: Rows) -> Flow:
        """The steps of some nodes, one for each row."""
        kinds = {type(node) for node in rows.values()}
        if kinds == {Slot} or kinds == {Branch}:
            return self._transparent(rows, kinds)
        if kinds == {OpNode}:
            return [self._op(rows)]
        if kinds == {CallNode}:
            return [self._call(rows)]
        if kinds == {Ref} and self._same_ref(rows):
            return [self.reference(rows)]
        if Chain in kinds and (kinds == {Chain} or _shares_a_place(rows)):
            return self._row({row: steps_of(node) for row, node in rows.items()})
        if Repeat in kinds and not kinds & {Ref, Branch, Slot}:
            return [self._repeat(rows)]
        if kinds & {Branch, Ref}:
            return self._alternatives(rows)
        raise DifferentStructure

    def _transparent(self, rows: Rows, kinds: set[type]) -> Flow:
        if Slot in kinds and any(node.module for node in rows.values()):
            return self._module(rows)
        if Slot in kinds:
            (parameter, *others) = {node.parameter for node in rows.values()}
            if others:
                raise DifferentStructure
            layers = {row: node.layer for row, node in rows.items()}
            if parameter in self.slots and not self._borrowed:
                return [SlotStep(parameter, layers)]
            if parameter in self.makers and not self._borrowed:
                return [MadeStep(parameter, layers)]
            return self._borrow(layers)
        if len({node.taken for node in rows.values()}) > 1:
            return self._alternatives(rows)
        if not self._borrowed:
            self.agreed.append((rows, next(iter(rows.values())).taken))
        return self.flow({row: node.layer for row, node in rows.items()})

    def _module(self, rows: Rows) -> Flow:
        """A module applied. One without a submodule is written where it is applied."""
        refs = {row: node.module for row, node in rows.items()}
        layers = {row: node.layer for row, node in rows.items()}
        if None in refs.values() or not self._same_ref(refs):
            raise DifferentStructure
        if not any(self.facts.owned(layer) for layer in layers.values()):
            return self._borrow(layers)
        is_own = not next(iter(refs.values())).up
        flow = self.flow(layers) if is_own else self._borrow(layers)
        ref = self.reference(refs)
        if is_own:
            ref.made = flow
        return [ModuleStep(ref, flow)]

    def _borrow(self, rows: Rows) -> Flow:
        self._borrowed += 1
        found = self.flow(rows)
        self._borrowed -= 1
        return found

    def _row(self, rows: dict[int, list[Node]]) -> Flow:
        """Steps one after another, as they stand in the source."""
        first, *others = ([step.span for step in steps] for steps in rows.values())
        found = places(rows) if any(spans != first for spans in others) else None
        if found is None or _are_abreast(found):
            return self._abreast(rows)
        options = {frozenset(row for row, steps in place.rows.items() if steps) for place in found}
        everyone = frozenset(rows)
        alone = everyone not in options and self._repeated(found[0].span, []) is None
        if alone or len(options) > 2:  # some have one part, some another
            return self._abreast(rows)
        flow: Flow = []
        for group in _joined(found):
            flow += self._place(group, [other.span for other in found if other not in group])
        return flow

    def _abreast(self, rows: dict[int, list[Node]]) -> Flow:
        """Steps one beside the other, in rows of one length."""
        if len({len(steps) for steps in rows.values()}) > 1:
            raise DifferentStructure
        flow: Flow = []
        for place in range(len(next(iter(rows.values())))):
            flow += self.flow({row: steps[place] for row, steps in rows.items()})
        return flow

    def _place(self, group: list[Place], others: list[Span]) -> Flow:
        rows = {row: [s for place in group for s in place.rows[row]] for row in group[0].rows}
        present = {row: steps for row, steps in rows.items() if steps}
        repeats = [steps[-1] for steps in present.values() if isinstance(steps[-1], Repeat)]
        if not repeats and len(present) == len(rows):
            return self._abreast(rows)
        source = self._repeated(group[0].span.to(group[-1].span), others)
        if not repeats and source is None:
            return [AltStep({row: row in present for row in rows}, self._abreast(present), [], {})]
        lengths = {len(steps_of(node.step)) for node in repeats}
        lengths = lengths or {len(steps) for steps in present.values()}
        if len(lengths) > 1:
            raise DifferentStructure
        return self._copies(rows, lengths.pop(), source)

    def _copies(self, rows: dict[int, list[Node]], length: int, source: Any) -> Flow:
        """Copies of one part: those that some row has to write out, then the same for all."""
        copies = {row: copies_of(steps, length) for row, steps in rows.items()}
        told = {row: one for row, one in copies.items() if one is not None}
        before = max((len(one.first) for one in told.values()), default=0)
        if len(told) < len(rows) or any(one.total < before for one in told.values()):
            raise DifferentStructure
        told = {row: one.peeled(before) for row, one in told.items()}
        flow: Flow = []
        for place in range(before):
            flow += self._abreast({row: one.first[place] for row, one in told.items()})
        again = {row: one.step for row, one in told.items() if one.again}
        if again:
            counts = {row: one.again for row, one in told.items()}
            nodes = {row: steps[-1] for row, steps in rows.items() if steps}
            flow.append(RepeatStep(counts, self._abreast(again), nodes, source, before))
        return flow

    def _repeated(self, part: Span, others: list[Span]) -> Any:
        """The expression that says how often a part is repeated; None where it is not known."""
        if self._borrowed:
            return None
        found = [one for thing in self.things for one in repeats_around(thing, part, others)]
        return found[0] if len(found) == 1 else None

    def _op(self, rows: Rows) -> OpStep:
        if len({self._shape_of(node) for node in rows.values()}) > 1:
            raise DifferentStructure
        self._check_context({r: self.facts.spelling(n).context for r, n in rows.items()})
        width = len(next(iter(rows.values())).branches)
        branches = [
            self.flow({row: node.branches[place] for row, node in rows.items()})
            for place in range(width)
        ]
        return OpStep(rows, branches)

    def _check_context(self, given: Mapping[int, Sequence[str]]) -> None:
        """Raises where rows call what they are given beside their inputs by different names."""
        each = ((self.names[row], names) for row, names in given.items())
        called = [[ours.get(name, name) for name in names] for ours, names in each]
        if any(one != called[0] for one in called):
            raise DifferentStructure

    def _shape_of(self, node: OpNode) -> tuple[Any, ...]:
        spelling = self.facts.spelling(node)
        construct = spelling.module
        callee = construct and (construct.makers, construct.positional)
        text = None if callee else spelling.function  # a module says what the function would
        return (type(node.op), callee, spelling.apply, text, len(node.branches))

    def _call(self, rows: Rows) -> CallStep:
        (unit, *others) = {self.units(node.fragment) for node in rows.values()}
        if others:
            raise DifferentStructure
        self._check_context({r: unit.given(n.fragment) for r, n in rows.items()})
        slots = {name: self._handed(rows, name) for name in unit.slots}
        makers = {name: self._handed(rows, name, called=False) for name in unit.makers}
        tensors = [self._passed(rows, unit, wanted) for wanted in unit.outside]
        return CallStep(unit, rows, slots, makers, tensors)

    def _handed(self, rows: Rows, name: str, called: bool = True) -> Flow:
        """A layer that this class hands on, or writes, for a parameter of a block called."""
        (own, *others) = {handed_on(node).get(name) for node in rows.values()}
        layers = {r: self.handed.uses(n.fragment)[name][0] for r, n in rows.items()}
        if own in self.makers and not others and not self._borrowed:
            return [MadeStep(own, layers, called)]
        return self._borrow(layers)

    def _passed(self, rows: Rows, unit: Unit, wanted: RefStep) -> RefStep:
        refs: Rows = {}
        for row, node in rows.items():
            inner = wanted.rows[unit.row(node.fragment)]
            refs[row] = inner.from_outside()
        if not self._same_ref(refs):
            raise DifferentStructure
        step = self.reference(refs)
        if step.is_module and not step.from_outside:
            step.made = self._borrow(self._made_of(rows, unit, wanted))
        return step

    def _made_of(self, rows: Rows, unit: Unit, wanted: RefStep) -> Rows:
        """What a module is that the blocks called apply: the layer found there."""
        found: Rows = {}
        for row, node in rows.items():
            slot = applied_in(node.fragment, wanted.rows[unit.row(node.fragment)])
            assert slot is not None, "a block reads the modules that it applies"
            found[row] = slot.layer
        return found

    def _same_ref(self, rows: Rows) -> bool:
        inside = {ref.name for ref in rows.values() if not ref.up}
        return not inside or (len(inside) == 1 and all(not ref.up for ref in rows.values()))

    def reference(self, rows: Rows) -> RefStep:
        """A tensor or a module by name; those from outside are collected, each once."""
        step = RefStep(rows)
        return self.outside.setdefault(step.key, step) if step.from_outside else step

    def _repeat(self, rows: Rows) -> RepeatStep:
        counts = {r: node.count if type(node) is Repeat else 1 for r, node in rows.items()}
        inner = {r: node.step if type(node) is Repeat else node for r, node in rows.items()}
        made = {(node.call, node.before) for node in rows.values() if type(node) is Repeat}
        source, before = made.pop() if len(made) == 1 and not self._borrowed else (None, 0)
        return RepeatStep(counts, self.flow(inner), rows, source, before)

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


def _expressions(unit: Unit) -> tuple[Any, ...]:
    """What the body of a block is written as."""
    source = unit.fragments[0].source
    return (*(thing for _, thing, _ in source.lets), source.result) if source is not None else ()


def _shares_a_place(rows: Rows) -> bool:
    """Whether some part of the source stands in several rows."""
    found = places({row: steps_of(node) for row, node in rows.items()})
    return found is not None and any(
        sum(1 for steps in place.rows.values() if steps) > 1 for place in found
    )


def _are_abreast(found: list[Place]) -> bool:
    return all({len(steps) for steps in place.rows.values()} == {1} for place in found)


def _joined(found: list[Place]) -> list[list[Place]]:
    """Neighbours that the same rows lack, together."""
    groups: list[list[Place]] = []
    for place in found:
        lacking = [row for row, steps in place.rows.items() if not steps]
        before = groups[-1][-1] if groups else None
        if before and lacking and lacking == [r for r, steps in before.rows.items() if not steps]:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _within(node: Node) -> Node:
    return node.layer if type(node) is Branch else node
