"""What a unit comes to: the node of a graph as far as its surroundings need to know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.compose import Sums
from archdsl.cost.weights import Weights
from archdsl.evaluate.op_calls import lent_by
from archdsl.graph import build
from archdsl.graph.nodes import (
    Branch,
    CallNode,
    Chain,
    Explored,
    Fragment,
    OpNode,
    Ref,
    Repeat,
    Slot,
)
from archdsl.space.explore.units import Value

if TYPE_CHECKING:
    from collections.abc import Hashable, Set

    from archdsl.evaluate.program import Clauses

Outcome = Any  # an Explored or a Ref, the same object for equal ones; or a Value


class Whole(NamedTuple):
    """A model as it came out in one combination; ``named`` are the values that requirements over
    costs read."""

    node: Any
    takes: Any
    named: tuple[tuple[str, Any], ...]


class Trained:
    """The clauses of some designs; equal where designs are trained alike."""

    __slots__ = ("clauses", "key")

    def __init__(self, clauses: Clauses) -> None:
        self.clauses = clauses
        self.key = repr(clauses.train)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trained) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


class Made(NamedTuple):
    """Models that give the same output, for which requirements over costs read the same values, and
    that have the same of each cost that does not add up (``values``, empty for those that do)."""

    out: Any
    named: tuple[tuple[str, Any], ...]
    values: tuple[Any, ...]


class Group(NamedTuple):
    """Designs whose models are :class:`Made` alike and that are trained alike."""

    out: Any
    named: tuple[tuple[str, Any], ...]
    values: tuple[Any, ...]
    trained: Trained


class Outcomes:
    """Every outcome met, once each, for some costs (archdsl.cost)."""

    def __init__(self, costs: tuple[Any, ...]) -> None:
        self.costs = costs
        self.add_up = all(isinstance(cost, Sums) for cost in costs)
        self.zero = (0,) * sum(cost.amounts for cost in costs)
        self._met: dict[Hashable, Outcome] = {}
        self._rows: dict[tuple[int, int, bool], tuple[Outcome, Any]] = {}

    def of(
        self, node: Any, lends: bool, live: Set[str] = frozenset(), in_module: bool = False
    ) -> tuple[Outcome, tuple[int, ...]]:
        """What a node is to its surroundings, and what it costs inside. Which of the lets that are
        ``live`` it reads makes no difference to them. Of a part ``in_module`` they count the
        weights."""
        if type(node) is Value:
            return node, self.zero
        if type(node) is Whole:
            return self._whole(node)
        while type(node) is Chain and len(node.steps) == 1:  # what is dead before it costs nothing
            node = node.steps[0]
        if isinstance(node, Ref) or (isinstance(node, Chain) and not node.steps):
            kept = node if isinstance(node, Ref) else None  # all identities are alike
            return self._met.setdefault((kept, node.out), node), self.zero
        if not (self.costs or lends or node.refs):
            plain = self._met.get(node.out)
            if plain is None:
                plain = self._met[node.out] = Explored(node.out, node.refs, (), ())
            return plain, self.zero
        summaries = self._summaries(node, in_module)
        borders = tuple(summary.border for summary in summaries)
        lent = lent_by(node) if lends else None
        reads = build.reads_flow(node)
        refs = _beside(node.refs, live) if live else node.refs
        key = (node.out, refs, borders, lent, reads)
        outcome = self._met.get(key)
        if outcome is None:
            made = Explored(node.out, refs, borders, self.costs, lent, reads)
            outcome = self._met[key] = made
        return outcome, sum((summary.amounts for summary in summaries), ())

    def _summaries(self, node: Any, in_module: bool) -> list[Any]:
        """What a node comes to in each cost."""
        found = [self._summary(cost, node) for cost in self.costs]
        if not in_module:
            return found
        pairs = zip(self.costs, found, strict=True)
        return [c.in_module(s) if isinstance(c, Weights) else s for c, s in pairs]

    def behind(self, before: Outcome, outcome: Outcome, lends: bool) -> tuple[Outcome, Any]:
        """What two parts in a row are to their surroundings, and what joining them costs."""
        key = (id(before), id(outcome), lends)  # outcomes are there once each
        found = self._rows.get(key)
        if found is None:
            row = build.chain([before, outcome], outcome.out, before.span)
            found = self._rows[key] = self.of(row, lends)
        return found

    def _whole(self, whole: Whole) -> tuple[Outcome, tuple[int, ...]]:
        """A model: what flows into it and out of it belongs to its costs."""
        summaries = [self._summary(cost, whole.node) for cost in self.costs]
        totals = [
            cost.total(whole.takes, summary)
            for cost, summary in zip(self.costs, summaries, strict=True)
        ]
        pairs = list(zip(self.costs, totals, strict=True))
        values = tuple(() if cost.amounts else total for cost, total in pairs)
        made = Made(whole.node.out, whole.named, values)
        return Value(made), sum((total for cost, total in pairs if cost.amounts), ())

    def _summary(self, cost: Any, node: Any) -> Any:
        from archdsl.cost.compose import summary

        return summary(cost, node)


def _beside(refs: frozenset[Ref], live: Set[str]) -> frozenset[Ref]:
    """References to all but the lets that are live here."""
    return frozenset(ref for ref in refs if ref.up or ref.name not in live)


def occurrences(node: Any, times: int, found: dict[int, int]) -> None:
    """How often each explored part stands in what a unit made, by the identity of its slot; parts
    that reach no result are left out."""
    kind = type(node)
    if kind is Slot and type(node.layer) is Explored:
        found[id(node)] = found.get(id(node), 0) + times
    elif kind is Slot or kind is Branch:
        occurrences(node.layer, times, found)
    elif kind is Repeat:
        occurrences(node.step, times * node.count, found)
    elif kind is CallNode:
        occurrences(node.fragment, times, found)
    elif kind is Fragment:
        for binding in node.bindings:
            occurrences(binding.node, times, found)
        occurrences(node.result, times, found)
    elif kind is Whole:
        occurrences(node.node, times, found)
    elif kind is Chain or kind is OpNode:
        for part in node.steps if kind is Chain else node.branches:
            occurrences(part, times, found)
