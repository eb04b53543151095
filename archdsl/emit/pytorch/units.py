"""All classes of a file, callees first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.emit.pytorch.align import Aligner
from archdsl.emit.pytorch.classes import Writer
from archdsl.emit.pytorch.docs import comment_above, signature
from archdsl.emit.pytorch.facts import Facts, in_order, named_in_class
from archdsl.emit.pytorch.groups import Groups
from archdsl.emit.pytorch.imports import imported
from archdsl.emit.pytorch.names import Names, camel
from archdsl.emit.pytorch.reserved import CLASSES
from archdsl.emit.pytorch.templates import DifferentStructure, Unit
from archdsl.emit.pytorch.traces import Traces, opened
from archdsl.emit.pytorch.value_functions import NAMES as VALUE_FUNCTIONS
from archdsl.graph.nodes import OpNode
from archdsl.graph.walk import body, children
from archdsl.types import given_beside

if TYPE_CHECKING:
    from archdsl.graph.nodes import Fragment, Graph, Node
    from archdsl.ops.base import Definition

WIDEST_DOC = 76


class Units:
    """The classes of a graph (``made``) and what they need from ``outside``: names that are
    imported or defined for the ops."""

    def __init__(self, graph: Graph, doc: str) -> None:
        self.graph = graph
        self.doc = doc
        self.facts = Facts()
        self.groups = Groups(graph.model, self.facts)
        self.definitions: list[Definition] = []
        self.imports: list[str] = []
        self.made: list[Unit] = []
        self._units: dict[int, Unit] = {}
        self._collect()
        outside = {definition.name for definition in self.definitions}
        self.outside = frozenset(outside | imported(*self.imports) | VALUE_FUNCTIONS)
        self.names = Names(CLASSES | self.outside)
        self.main = self.names.claim(graph.name)
        ordered = self.groups.ordered()
        self.traces = Traces(graph)
        self.open = opened(self.traces)
        for fragments in ordered:
            for unit in self._partition(fragments):
                self.made.append(unit)
                self._units.update({id(fragment): unit for fragment in unit.fragments})

    def _collect(self) -> None:
        """Definitions and imports of all ops, however they come to be written."""
        definitions: dict[str, Definition] = {}
        imports: dict[str, None] = {}
        facts, ops = self.facts, _ops(self.groups.fragments)
        ways = (way for node in ops for way in (facts.spelling(node), facts.channels_last(node)))
        for spelling in (way for way in ways if way is not None):
            imports.update(dict.fromkeys(spelling.imports))
            for definition in spelling.definitions:
                definitions.setdefault(definition.name, definition)
                imports.update(dict.fromkeys(definition.imports))
        self.definitions, self.imports = list(definitions.values()), list(imports)

    def _partition(self, fragments: list[Fragment]) -> list[Unit]:
        """As few classes as the structures of some fragments need."""
        whole = self._attempt(fragments) if len(fragments) > 1 else self._aligned(fragments)
        if whole is not None:
            return [self._written(whole)]
        shares: list[list[Fragment]] = []
        for fragment in fragments:
            for share in shares:
                if self._attempt([*share, fragment]) is not None:
                    share.append(fragment)
                    break
            else:
                shares.append([fragment])
        return [self._written(self._aligned(share)) for share in shares]

    def _attempt(self, fragments: list[Fragment]) -> Unit | None:
        try:
            unit = self._aligned(fragments)
            self._write(unit, frozenset(), "")
        except DifferentStructure:
            return None
        return unit

    def _aligned(self, fragments: list[Fragment]) -> Unit:
        slots = self.groups.slots_of(fragments[0])
        handed = self.groups.handed
        is_model = fragments[0] is self.graph.model
        unit = Unit("", fragments, slots, handed.made(fragments, slots), is_model=is_model)
        rows = dict(enumerate(fragments))
        names = {tuple(binding.name for binding in f.bindings) for f in fragments}
        if len(names) > 1:
            raise DifferentStructure
        self._name_context(unit)
        aligner = Aligner(self.facts, lambda f: self._units[id(f)], unit, handed)
        for place, name in enumerate(names.pop()):
            flow = aligner.flow({row: f.bindings[place].node for row, f in rows.items()})
            unit.bindings.append((name, flow))
        unit.result = aligner.flow({row: f.result for row, f in rows.items()})
        unit.agreed = aligner.agreed
        unit.outside = list(aligner.outside.values())
        if any(len(step.rows) < len(fragments) for step in unit.outside):
            raise DifferentStructure
        return unit

    def _name_context(self, unit: Unit) -> None:
        """What the class is given beside its inputs: the model all there is, others what they
        read."""
        reads = [
            frozenset().union(*(self.facts.context(node) for node in body(fragment)))
            for fragment in unit.fragments
        ]
        if unit.is_model:
            beside = given_beside(self.graph.model.takes)
            unit.names = [{name: name for name in reads[0].union(beside)}]
        else:
            unit.names = [named_in_class(found) for found in reads]
        unit.context = in_order(frozenset().union(*(names.values() for names in unit.names)))

    def _written(self, unit: Unit) -> Unit:
        fragment = unit.fragments[0]
        is_model = fragment is self.graph.model
        unit.name = self.main if is_model else self._class_name(fragment.name)
        doc = self.doc if is_model else _doc(fragment)
        classes = frozenset(u.name for u in self.made) | {unit.name}
        self._write(unit, classes | self.outside, doc)
        return unit

    def _write(self, unit: Unit, taken: frozenset[str], doc: str) -> None:
        open_ = frozenset().union(*(self.open[id(fragment)] for fragment in unit.fragments))
        Writer(unit, self.facts, self.traces, open_, taken, doc)

    def _class_name(self, block: str) -> str:
        base = camel(block)
        for letter in ("", *"BCDEFGHIJKLMNOPQRSTUVWXYZ"):
            if not self.names.has(base + letter) and base + letter not in CLASSES:
                return self.names.claim(base + letter)
        return self.names.claim(base)


def _doc(fragment: Fragment) -> str:
    """What the comment above a block says first, or how the block is called."""
    said = comment_above(fragment.span)
    if not said and fragment.span.text.startswith("module "):
        return f"The module `{fragment.name}`."
    head = signature(fragment.span.text) or fragment.name
    return said or f"{head if len(head) <= WIDEST_DOC else fragment.name}."


def _ops(fragments: list[Fragment]) -> list[OpNode]:
    found: list[OpNode] = []
    for fragment in fragments:
        waiting: list[Node] = list(body(fragment))[::-1]
        while waiting:
            node = waiting.pop()
            if isinstance(node, OpNode):
                found.append(node)
            waiting += children(node)[::-1]
    return found
