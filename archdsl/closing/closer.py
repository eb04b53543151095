"""Closes expressions: writes what was chosen in place of the choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.closing import calls, conditions, rows
from archdsl.closing.places import FLOWING, Disagree, NotInline, Unmet
from archdsl.closing.tree import distinct, is_literal, literal, mapped, rebuilt
from archdsl.evaluate.arithmetic import FUNCTIONS
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.closing.base import Copies
    from archdsl.closing.facts import Facts
    from archdsl.closing.opened import Opened
    from archdsl.closing.places import Place


class Closer:
    """Closes expressions of one design. ``opened`` tells what chooses, ``copies`` keeps the blocks
    that are closed."""

    def __init__(self, facts: Facts, opened: Opened, copies: Copies) -> None:
        self.facts = facts
        self.opened = opened
        self.copies = copies

    def expression(self, node: nodes.Expression, place: Place) -> nodes.Expression:
        """An expression without choices. Raises :class:`Disagree` where the paths of its place
        chose differently, :class:`Unmet` where they chose nothing."""
        closed: nodes.Expression = _RULES[type(node)](self, node, place)
        return closed

    def answer(self, node: nodes.Expression, place: Place) -> Any:
        """The option that was taken of a choice."""
        return self._agreed(self.facts.answers, node, place)

    def _agreed(self, known: Any, node: nodes.Expression, place: Place) -> Any:
        met = [known[node.span, path] for path in place.paths if (node.span, path) in known]
        if not met:
            raise Unmet
        if any(one != met[0] for one in met):
            raise Disagree
        return met[0]

    def values(self, node: nodes.Expression, place: Place) -> list[Any]:
        """The different values that an expression came to."""
        if isinstance(node, nodes.Number):
            return [node.value]
        found: list[Any] = []
        for path in place.paths:
            for value in self.facts.values.get((node.span, path), ()):
                if not any(type(one) is type(value) and one == value for one in found):
                    found.append(value)
        return found

    def is_value(self, node: nodes.Expression, place: Place) -> bool:
        """Whether an expression was worked out as a value."""
        return any((node.span, path) in self.facts.values for path in place.paths)

    def reads_flow(self, node: nodes.Expression, place: Place) -> set[bool]:
        """Whether a layer depended on what flows into it: yes, no, or either; nothing where it was
        not applied."""
        known = self.facts.reads_flow
        met = [known[node.span, path] for path in place.paths if (node.span, path) in known]
        return set().union(*met)

    def choice(self, node: nodes.Choice, place: Place) -> nodes.Expression:
        return self.expression(node.options[self.answer(node, place)], place)

    def range(self, node: nodes.Range, place: Place) -> nodes.Expression:
        """A range that is a choice; those that copies are made for are closed with them."""
        chosen = literal(self._agreed(self.facts.chosen, node, place), node.span)
        assert chosen is not None, "a range holds numbers"
        return chosen

    def name(self, node: nodes.Name, place: Place) -> nodes.Expression:
        if node.id in place.handed:
            return self._handed(node, place)
        if node.id in place.names:
            return place.names[node.id]
        if node.id in place.bound or self.copies.block(node.id) is None:
            return node
        call = calls.call(self, nodes.Call(node, (), node.span), place)
        if isinstance(call, nodes.Call) and not call.arguments:
            return call.function
        return call

    def _handed(self, node: nodes.Name, place: Place) -> nodes.Expression:
        """A parameter that is several layers: the one applied here."""
        known = self.facts.sites
        sites = [known[node.span, path] for path in place.paths if (node.span, path) in known]
        meant = [place.handed[node.id].get(site, node) for site in sites]
        if len(distinct(meant)) > 1:
            raise Disagree
        return meant[0] if meant else node

    def attribute(self, node: nodes.Attribute, place: Place) -> nodes.Expression:
        owner = place.names.get(node.owner.id)
        if owner is None:
            return node
        if isinstance(owner, nodes.Name) and not owner.id.startswith(FLOWING):
            return rebuilt(node, owner=owner)
        values = self.values(node, place)
        size = literal(values[0], node.span) if len(values) == 1 else None
        if size is None:
            raise NotInline
        return size

    def parts(self, node: nodes.Expression, place: Place) -> nodes.Expression:
        """An expression with its parts closed, and worked out where they are plain values now."""
        closed = mapped(node, lambda part: self.expression(part, place))
        return self.folded(node, closed, place)

    def folded(
        self, node: nodes.Expression, closed: nodes.Expression, place: Place
    ) -> nodes.Expression:
        """What was closed, as a number or truth value if it is nothing but numbers now."""
        if closed is node or not _is_plain(closed):
            return closed
        values = self.values(node, place)
        known = literal(values[0], node.span) if len(values) == 1 else None
        return closed if known is None else known

    def binary(self, node: nodes.Binary, place: Place) -> nodes.Expression:
        if any((node.span, path) in self.facts.applied for path in place.paths):
            return rows.repeated(self, node, place)
        return self.parts(node, place)

    def call(self, node: nodes.Call, place: Place) -> nodes.Expression:
        word = node.function.id
        if word == "when":
            return conditions.when(self, node, place)
        if word == "each":
            return rows.each(self, node, place)
        if word == "permute" and self.copies.block(word) is None and word not in place.bound:
            return rows.permute(self, node, place)
        return calls.call(self, node, place)

    def flow(self, node: nodes.Flow, place: Place) -> nodes.Expression:
        return rows.flow(self, node, place)

    def plain(self, node: nodes.Expression, place: Place) -> nodes.Expression:
        return node


def _is_plain(node: nodes.Expression) -> bool:
    """Whether there are only numbers, texts and truth values in an expression of values."""
    if isinstance(node, nodes.Call):
        if node.function.id not in FUNCTIONS or node.function.id == "size":
            return False
        return all(is_literal(argument.value) for argument in node.arguments)
    if isinstance(node, nodes.Index):
        return is_literal(node.owner) and is_literal(node.place)
    if isinstance(node, (nodes.Binary, nodes.Comparison)):
        return is_literal(node.left) and is_literal(node.right)
    return isinstance(node, nodes.Negation) and is_literal(node.operand)


_RULES: dict[type, Callable[[Closer, Any, Place], nodes.Expression]] = {
    nodes.Number: Closer.plain,
    nodes.Text: Closer.plain,
    nodes.Name: Closer.name,
    nodes.Attribute: Closer.attribute,
    nodes.Call: Closer.call,
    nodes.List: Closer.parts,
    nodes.Index: Closer.parts,
    nodes.Results: Closer.call,
    nodes.Negation: Closer.parts,
    nodes.Binary: Closer.binary,
    nodes.Comparison: Closer.parts,
    nodes.Flow: Closer.flow,
    nodes.Choice: Closer.choice,
    nodes.Range: Closer.range,
}
