"""The narrowest or widest weighted layer before the head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from archdsl import types
from archdsl.cost.compose import Composition, Summary
from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from archdsl.cost.compose import Source
    from archdsl.graph.nodes import Fragment, OpNode, Ref
    from archdsl.types import TensorType


class Border(NamedTuple):
    """The width of the last weighted layer, and the extreme one of those before it."""

    before: int | None = None
    last: int | None = None


@dataclass(frozen=True, eq=False)
class ExtremeWidth(Composition):
    """Weighted layers in the order of the forward pass; the last is left out, it is the head."""

    in_use: ClassVar[bool] = True
    widest: bool

    @property
    def absent(self) -> Summary:
        return self.nothing

    def source(self, source: Source) -> Summary:
        return self.nothing

    @property
    def nothing(self) -> Summary:
        return Summary((), Border())

    def ref(self, ref: Ref) -> Summary:
        return self.nothing

    def op(self, node: OpNode, branches: list[Summary]) -> Summary:
        whole = self._in_order(branches)
        if Trait.WEIGHTED not in node.op.traits:
            return whole
        return self.then(whole, Summary((), Border(None, types.channels(node.out))))

    def then(self, first: Summary, second: Summary) -> Summary:
        one, two = _border(first), _border(second)
        if two.last is None:
            return first
        return Summary((), Border(self._extreme(one.before, one.last, two.before), two.last))

    def _extreme(self, *widths: int | None) -> int | None:
        known = [width for width in widths if width is not None]
        return (max if self.widest else min)(known, default=None)

    def body(self, fragment: Fragment, lets: list[Summary], result: Summary) -> Summary:
        return self._in_order([*lets, result])

    def _in_order(self, parts: list[Summary]) -> Summary:
        whole = self.nothing
        for part in parts:
            whole = self.then(whole, part)
        return whole

    def call(self, summary: Summary) -> Summary:
        return summary

    def total(self, takes: TensorType, summary: Summary) -> tuple[int, ...]:
        """The only layer when there is one, what flows into the model when there is none."""
        before, last = _border(summary)
        width = last if before is None else before
        return (types.channels(takes) if width is None else width,)


def _border(summary: Summary) -> Border:
    border: Border = summary.border
    return border
