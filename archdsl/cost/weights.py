"""Costs of weights: they add up over ops, but those of a ``module`` count once, however often it is
applied.

What a module costs is counted by the body that the module belongs to, when all its uses are known.
Up to there the border of a part tells what modules are applied in it, each with what its weights
come to: of two parts together that is the union.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.cost.compose import Source, Summary, Sums, from_outside
from archdsl.graph.nodes import Branch, CallNode, Chain, Explored, Fragment, OpNode, Repeat, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archdsl.cost.compose import Part

OWN: Source = ("", 0)  # the weights in a part of a module itself, whoever applies it
Applied = dict[Source, int]  # modules by name and how far out, each with its weights
Border = frozenset[tuple[Source, int]]


class Weights(Sums):
    """One amount, which is that of weights. The border is None where no module is applied."""

    def of(self, part: Part) -> Summary:
        applied: Applied = {}
        return _summary(self._gathered((part,), applied), applied)

    def in_module(self, summary: Summary) -> Summary:
        """Of a part of a module: its weights are counted where the module is."""
        applied = _applied(summary)
        applied[OWN] = applied.get(OWN, 0) + summary.amounts[0]
        return _summary(0, applied)

    def _gathered(self, parts: Sequence[Any], applied: Applied) -> int:
        """What some parts come to without modules; those that they apply are added to others."""
        total = 0
        for part in parts:
            kind = type(part)
            if kind is CallNode:
                part = part.fragment
            elif kind is Chain:
                total += self._gathered(part.steps, applied)
                continue
            elif kind is not OpNode and kind is not Fragment:
                total += self._within(part, applied)
                continue
            found: int | Summary | None = part.known.get(self)
            if found is None:
                found = self._found(part)
            if type(found) is not int:
                total += found.amounts[0]  # type: ignore[union-attr]
                inside: Border = found.border  # type: ignore[union-attr]
                _add(applied, _outwards(inside) if kind is CallNode else dict(inside))
            else:
                total += found
        return total

    def _within(self, part: Any, applied: Applied) -> int:
        if isinstance(part, Explored):
            border: Any = part.parts[part.costs.index(self)]
            _add(applied, dict(border or ()))
            return 0
        if isinstance(part, Repeat):
            inside: Applied = {}
            once = self._gathered((part.step,), inside)
            _add(applied, {**inside, OWN: part.count * inside.get(OWN, 0)})
            return part.count * once
        if isinstance(part, Slot) and part.module is not None:
            inside = {}
            weights = self._gathered((part.layer,), inside) + inside.pop(OWN, 0)
            _add(applied, {**inside, (part.module.name, part.module.up): weights})
            return 0
        return self._gathered((part.layer,), applied) if isinstance(part, (Slot, Branch)) else 0

    def _found(self, part: OpNode | Fragment) -> int | Summary:
        applied: Applied = {}
        if isinstance(part, OpNode):
            total = self.own(part) + self._gathered(part.branches, applied)
        else:
            nodes = [part.result, *[binding.node for binding in part.bindings]]
            total = self._gathered(nodes, applied)
            for source in [(name, 0) for name in part.modules]:
                total += applied.pop(source, 0)
        whole = _summary(total, applied)
        found: int | Summary = whole if whole.border else total
        part.known[self] = found
        return found

    def op(self, node: OpNode, branches: list[Summary]) -> Summary:
        return _together([Summary((self.own(node),)), *branches])

    def then(self, first: Summary, second: Summary) -> Summary:
        return _together([first, second])

    def copies(self, count: int, step: Any, summary: Summary) -> Summary:
        applied = _applied(summary)
        applied[OWN] = count * applied.get(OWN, 0)
        return _summary(count * summary.amounts[0], applied)

    def body(self, fragment: Fragment, lets: list[Summary], result: Summary) -> Summary:
        whole = _together([*lets, result])
        applied = _applied(whole)
        own = sum(applied.pop((name, 0), 0) for name in fragment.modules)
        return _summary(whole.amounts[0] + own, applied)

    def call(self, summary: Summary) -> Summary:
        return _summary(summary.amounts[0], _outwards(summary.border or ()))


def weights_applied(summary: Summary) -> int:
    """What the modules come to that a part applies, and that belong to a body around it."""
    return sum(weights for _, weights in summary.border or ())


def _together(summaries: Iterable[Summary]) -> Summary:
    total = 0
    applied: Applied = {}
    for summary in summaries:
        total += summary.amounts[0]
        _add(applied, _applied(summary))
    return _summary(total, applied)


def _add(applied: Applied, others: Mapping[Source, int]) -> None:
    """Add modules to others: each is there once."""
    own = applied.get(OWN, 0) + others.get(OWN, 0)
    applied.update(others)
    applied[OWN] = own


def _outwards(border: Iterable[tuple[Source, int]]) -> Applied:
    return {from_outside(source): weights for source, weights in border}


def _applied(summary: Summary) -> Applied:
    return dict(summary.border or ())


def _summary(amount: int, applied: Applied) -> Summary:
    border = frozenset((source, n) for source, n in applied.items() if source != OWN or n)
    return Summary((amount,), border or None)
