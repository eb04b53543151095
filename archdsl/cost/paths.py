"""Costs along paths: of all paths from what flows in to the result, the one that has the most."""

from __future__ import annotations

from abc import abstractmethod
from functools import reduce
from typing import TYPE_CHECKING, Any

from archdsl.cost.compose import ENTRY, FLOW, Composition, Source, Summary, from_outside

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from archdsl.graph.nodes import Fragment, OpNode, Ref
    from archdsl.types import TensorType

Border = frozenset[tuple[Source, Any]]


class Paths(Composition):
    """The border holds, for each source with a path to the result, the value of its paths.

    A value stands for all paths between two tensors. ``after`` joins paths end to end and
    ``either`` takes paths side by side; ``after`` must distribute over ``either``.
    """

    @property
    @abstractmethod
    def start(self) -> Hashable:
        """The value of a path without ops."""

    @abstractmethod
    def step(self, node: OpNode) -> Hashable:
        """The value of a path through one op."""

    @abstractmethod
    def after(self, later: Any, earlier: Any) -> Any:
        """The value of paths that go on from others."""

    @abstractmethod
    def either(self, one: Any, other: Any) -> Any:
        """The value of paths of two kinds together."""

    @abstractmethod
    def read(self, takes: TensorType, value: Any) -> int:
        """What all paths through a model come to."""

    @property
    def nothing(self) -> Summary:
        return Summary((), frozenset(((FLOW, self.start),)))

    def ref(self, ref: Ref) -> Summary:
        return Summary((), frozenset((((ref.name, ref.up), self.start),)))

    def op(self, node: OpNode, branches: list[Summary]) -> Summary:
        inputs: list[Summary] = list(branches)
        if not inputs or node.op.branches.with_flow:
            inputs.append(self.nothing)
        value = self.step(node)
        reached = [(source, self.after(value, v)) for one in inputs for source, v in _pairs(one)]
        return self._joined(reached)

    def then(self, first: Summary, second: Summary) -> Summary:
        return self._joined(self._through(_pairs(second), {FLOW: _pairs(first)}))

    def body(self, fragment: Fragment, lets: list[Summary], result: Summary) -> Summary:
        known: dict[Source, Border] = {ENTRY: _pairs(self.nothing)}
        for binding, let in zip(fragment.bindings, lets, strict=True):
            reached = self._joined(self._through(_pairs(let), known))
            known[(binding.name, 0)] = _pairs(reached)
        return self._joined(self._through(_pairs(result), known))

    def call(self, summary: Summary) -> Summary:
        return Summary((), frozenset((from_outside(s), v) for s, v in _pairs(summary)))

    def total(self, takes: TensorType, summary: Summary) -> tuple[int, ...]:
        values = (value for _, value in sorted(_pairs(summary), key=lambda pair: pair[0]))
        return (self.read(takes, reduce(self.either, values)),)

    def _through(
        self, later: Border, known: Mapping[Source, Border]
    ) -> Iterable[tuple[Source, Any]]:
        """Paths that go on from sources of which it is known where they come from."""
        for source, value in later:
            if source not in known:
                yield source, value
                continue
            for origin, before in known[source]:
                yield origin, self.after(value, before)

    def _joined(self, pairs: Iterable[tuple[Source, Any]]) -> Summary:
        found: dict[Source, Any] = {}
        for source, value in pairs:
            found[source] = self.either(found[source], value) if source in found else value
        return Summary((), frozenset(found.items()))


def _pairs(summary: Summary) -> Border:
    border: Border = summary.border
    return border
