"""Costs along paths: of all paths from what flows in to the result, the one that has the most."""

from __future__ import annotations

from abc import abstractmethod
from functools import reduce
from typing import TYPE_CHECKING, Any

from archdsl.cost.compose import (
    FLOW,
    Composition,
    Results,
    Source,
    Summary,
    bound,
    entered,
    from_outside,
    sources_of,
)
from archdsl.types import Outputs

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from archdsl.graph.nodes import Fragment, OpNode, Ref
    from archdsl.types import TensorType

One = frozenset[tuple[Source, Any]]
Border = One | Results[One]


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

    in_use = True

    @property
    def nothing(self) -> Summary:
        return self.source(FLOW)

    @property
    def absent(self) -> Summary:
        return Summary((), frozenset())

    def source(self, source: Source) -> Summary:
        return Summary((), self._from(source))

    def _from(self, source: Source) -> One:
        return frozenset(((source, self.start),))

    def ref(self, ref: Ref) -> Summary:
        source = (ref.name, ref.up)
        if not isinstance(ref.out, Outputs):
            return self.source(source)
        return Summary((), Results(map(self._from, sources_of(source, ref.out))))

    def op(self, node: OpNode, branches: list[Summary]) -> Summary:
        inputs = [_one(branch) for branch in branches]
        if node.op.takes_several:
            return branches[0] if node.op.auxiliary else Summary((), Results(inputs))
        if not inputs or node.op.branches.with_flow:
            inputs.append(self._from(FLOW))
        value = self.step(node)
        made = self._joined((s, self.after(value, v)) for one in inputs for s, v in one)
        if isinstance(node.out, Outputs):
            return Summary((), Results([made] * len(node.out.parts)))
        return Summary((), made)

    def then(self, first: Summary, second: Summary) -> Summary:
        return Summary((), self._through(second.border, dict(bound(FLOW, first.border))))

    def body(self, fragment: Fragment, lets: list[Summary], result: Summary) -> Summary:
        known: dict[Source, Any] = {
            name: self._from(source) for name, source in entered(fragment.takes).items()
        }
        for binding, let in zip(fragment.bindings, lets, strict=True):
            known.update(bound((binding.name, 0), self._through(let.border, known)))
        return Summary((), self._through(result.border, known))

    def call(self, summary: Summary) -> Summary:
        border: Border = summary.border
        if isinstance(border, Results):
            return Summary((), Results(map(_outside, border)))
        return Summary((), _outside(border))

    def total(self, takes: TensorType, summary: Summary) -> tuple[int, ...]:
        border: Border = summary.border
        results = border if isinstance(border, Results) else (border,)
        pairs = sorted((pair for one in results for pair in one), key=lambda pair: pair[0])
        return (self.read(takes, reduce(self.either, (value for _, value in pairs))),)

    def _through(self, later: Border, known: Mapping[Source, Any]) -> Border:
        """Paths that go on from sources of which it is known where they come from."""
        if isinstance(later, Results):
            return Results(self._joined(self._going_on(one, known)) for one in later)
        whole = next(iter(later))[0] if len(later) == 1 else None
        if whole is not None and isinstance(known.get(whole), Results):
            return known[whole]  # type: ignore[no-any-return]
        return self._joined(self._going_on(later, known))

    def _going_on(self, later: One, known: Mapping[Source, Any]) -> Iterable[tuple[Source, Any]]:
        for source, value in later:
            if source not in known:
                yield source, value
                continue
            for origin, before in known[source]:
                yield origin, self.after(value, before)

    def _joined(self, pairs: Iterable[tuple[Source, Any]]) -> One:
        found: dict[Source, Any] = {}
        for source, value in pairs:
            found[source] = self.either(found[source], value) if source in found else value
        return frozenset(found.items())


def _outside(border: One) -> One:
    return frozenset((from_outside(source), value) for source, value in border)


def _one(summary: Summary) -> One:
    border: One = summary.border
    return border
