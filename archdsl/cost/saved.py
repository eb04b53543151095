"""Bytes that autograd keeps for the backward pass, from the rules that each op declares.

A tensor is a storage, counted once however many ops keep it; views share their input's. A storage
is charged where it first becomes known that it is kept: by the op that makes it, or by whoever
joins that op to one that keeps it. What flows in is charged by whoever made it, and what the model
is given beside it (the ends of a graph's edges) by the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from archdsl import types
from archdsl.cost.compose import (
    FLOW,
    Composition,
    Results,
    Shown,
    Source,
    Summary,
    bound,
    entered,
    entries,
    from_outside,
    outside,
    sources_of,
    total,
)
from archdsl.graph.nodes import Learning
from archdsl.ops.base import Saves, Trait

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.graph.nodes import Fragment, Graph, Node, OpNode, Ref
    from archdsl.types import TensorType


ALL = -1  # how far out an input is that belongs to no body


class Saved(NamedTuple):
    """Bytes kept in fp32: for each sample, and whatever the batch."""

    per_sample: int = 0
    fixed: int = 0
    alone: int = 0  # beside both, for a batch of one sample

    def bytes(self, batch: int) -> int:
        """For a batch."""
        return batch * self.per_sample + self.fixed + (self.alone if batch == 1 else 0)


def saved_for_backward(graph: Graph) -> Saved:
    """What one training step of all layers keeps between forward and backward, the parameters left
    out."""
    return Saved(*total(SAVED_BYTES, graph))


class Border(NamedTuple):
    """What neighbours must know: the sources that are kept, and what the result is.

    ``result`` is a source whose storage it shows, or a storage of its own: the bytes that are still
    to be charged should somebody keep it, 0 when it is kept and charged already. Of several results
    both.
    """

    kept: frozenset[Source]
    result: Source | int | Shown


@dataclass(eq=False)
class Storage:
    """Memory made inside a part, behind one tensor or several views of it."""

    bytes: int
    kept: bool = False


Place = Source | Storage  # where a tensor lies
Held = Place | Results[Place]  # where a tensor lies, or each of several


class _Ledger:
    """Parts put together: which sources they keep, which storages, and what that adds up to."""

    def __init__(self) -> None:
        self.kept: set[Source] = set()
        self.storages: list[Storage] = []
        self.per_sample = 0
        self.fixed = 0
        self.alone = 0

    def keep(self, place: Place) -> None:
        if isinstance(place, Storage):
            place.kept = True
        else:
            self.kept.add(place)

    def enter(self, part: Summary, names: Mapping[Source, Held]) -> Held:
        """One more part, and where its result lies; ``names`` tells where its sources lie."""
        kept, result = _border(part)
        self.per_sample += part.amounts[0]
        self.fixed += part.amounts[1]
        self.alone += part.amounts[2]
        for source in kept:
            self.keep(cast("Place", names.get(source, source)))
        if isinstance(result, int):
            return self.make(result)
        if not isinstance(result, Shown):
            return names.get(result, result)
        own = [self.make(size) for size in result.own]
        each = (own[one] if isinstance(one, int) else names.get(one, one) for one in result.each)
        return Results(cast("Place", one) for one in each)

    def make(self, size: int) -> Storage:
        storage = Storage(size)
        self.storages.append(storage)
        return storage

    def close(self, result: Held) -> Summary:
        """The summary of it all."""
        charged = sum(storage.bytes for storage in self.storages if storage.kept)
        border = Border(frozenset(self.kept), _shown(result))
        return Summary((self.per_sample + charged, self.fixed, self.alone), border)


def _shown(result: Held) -> Source | int | Shown:
    if isinstance(result, Results):
        own = list(dict.fromkeys(one for one in result if isinstance(one, Storage)))
        each = (own.index(one) if isinstance(one, Storage) else one for one in result)
        return Shown(tuple(each), tuple(0 if one.kept else one.bytes for one in own))
    if isinstance(result, Storage):
        return 0 if result.kept else result.bytes
    return result


@dataclass(frozen=True, eq=False)
class SavedBytes(Composition):
    """Amounts: bytes for each sample, bytes whatever the batch, and those of a batch of one.

    ``freezing``: what `train` freezes is frozen; otherwise all layers are trained. ``rank`` is that
    of the adapters of what is frozen, 0 where there are none.
    """

    amounts = 3
    freezing: bool = False
    rank: int = 0

    @property
    def nothing(self) -> Summary:
        return _NOTHING

    def source(self, source: Source) -> Summary:
        return Summary((0, 0, 0), Border(frozenset(), source))

    def ref(self, ref: Ref) -> Summary:
        source = (ref.name, ref.up)
        if not isinstance(ref.out, types.Outputs):
            return self.source(source)
        shown = Shown(sources_of(source, ref.out), ())
        return Summary((0, 0, 0), Border(frozenset(), shown))

    def op(self, node: OpNode, branches: list[Summary]) -> Summary:
        ledger = _Ledger()
        inputs = [cast("Place", ledger.enter(branch, {})) for branch in branches]
        if not inputs or node.op.branches.with_flow:
            inputs.insert(0, FLOW)
        if node.op.takes_several:
            return ledger.close(inputs[0] if node.op.auxiliary else Results(inputs))
        saves = self._saves(node)
        for index in saves.inputs:
            ledger.keep(inputs[index])
        ledger.per_sample += saves.per_sample
        ledger.fixed += saves.fixed
        ledger.alone += saves.alone
        for name in saves.context:
            ledger.keep(_given(name))
        view = Trait.VIEW in node.op.traits or self._is_passed_on(node)
        stored = Trait.STORED in node.op.traits
        parts = node.out.parts if isinstance(node.out, types.Outputs) else (node.out,)
        sizes = [0 if stored else _bytes(part) for part in parts]
        results = [inputs[0] if view else ledger.make(size) for size in sizes]
        for result in results[: saves.output]:
            ledger.keep(result)
        return ledger.close(results[0] if len(results) == 1 else Results(results))

    def _saves(self, node: OpNode) -> Saves:
        """What autograd keeps of an op: nothing where no gradient comes to. A frozen op that
        gradients pass through rests, as in evaluation, and is counted as if its weights were
        trained, which keeps no less; an adapter keeps what flows into it, as its layer does when it
        is trained, and what it makes of that."""
        if self._is_still(node.learning):
            return Saves()
        if not self.freezing or not node.learning.is_frozen:
            return node.op.saves(*node.inputs)
        saves = node.op.saves_in_use(*node.inputs)
        rows = sum(layer.rows for layer in node.op.dense(*node.inputs))
        return saves._replace(per_sample=saves.per_sample + 4 * self.rank * rows)

    def _is_still(self, learning: Learning) -> bool:
        """Whether no gradient comes to what training does this to."""
        return self.freezing and learning >= (Learning.INERT if self.rank else Learning.STILL)

    def _is_passed_on(self, node: OpNode) -> bool:
        """Whether it gives what flows in, as dropout does where it rests."""
        rests = self.freezing and node.learning.is_frozen
        return rests and Trait.REGULARIZER in node.op.traits

    def then(self, first: Summary, second: Summary) -> Summary:
        return self._in_a_row((first, second))

    def row(self, steps: Sequence[tuple[Node, Summary]]) -> Summary:
        return self._in_a_row([summary for _, summary in steps])

    def _in_a_row(self, parts: Sequence[Summary]) -> Summary:
        if any(isinstance(_border(part).result, Shown) for part in parts):
            return self._with_several(parts)
        per_sample = fixed = alone = 0
        kept: set[Source] = set()
        flow: Source | int = FLOW  # what is made inside is kept by the next part, or never
        for amounts, (keeps, result) in parts:
            per_sample, fixed = per_sample + amounts[0], fixed + amounts[1]
            alone += amounts[2]
            if FLOW in keeps and isinstance(flow, int):
                per_sample, flow = per_sample + flow, 0
            if keeps:
                kept.update(keeps if flow == FLOW else _instead(keeps, flow))
            flow = flow if result == FLOW else result
        return Summary((per_sample, fixed, alone), Border(frozenset(kept), flow))

    def _with_several(self, parts: Sequence[Summary]) -> Summary:
        """A row in which several results flow from one part into the next."""
        ledger, flow = _Ledger(), cast("Held", FLOW)
        for part in parts:
            flow = ledger.enter(part, dict(bound(FLOW, flow)))
        return ledger.close(flow)

    def body(self, fragment: Fragment, lets: list[Summary], result: Summary) -> Summary:
        ledger = _Ledger()
        names: dict[Source, Held] = {**entered(fragment.takes)}
        for binding, let in zip(fragment.bindings, lets, strict=True):
            names.update(bound((binding.name, 0), ledger.enter(let, names)))
        return ledger.close(ledger.enter(result, names))

    def call(self, summary: Summary) -> Summary:
        kept, result = _border(summary)
        seen = Border(frozenset(map(_outside, kept)), outside(result))
        return Summary(summary.amounts, seen)

    def total(self, takes: TensorType, summary: Summary) -> tuple[int, ...]:
        per_sample, fixed, alone = summary.amounts
        kept = _border(summary).kept
        per_sample += sum(_bytes(part) for source, part in entries(takes).items() if source in kept)
        graph = types.graph_of(takes)
        if graph is None:
            return per_sample, fixed, alone
        sizes = {
            "edge_index": 16 * graph.edges,
            "edge_attr": 4 * graph.edges * graph.edge_features,
            "batch": 8 * graph.nodes,
        }
        per_sample += sum(size for name, size in sizes.items() if _given(name) in kept)
        single = not graph.graphs  # one graph, whatever the batch
        return (0, per_sample + fixed, alone) if single else (per_sample, fixed, alone)


def _given(name: str) -> Source:
    """A further input of the model, which has one name in all bodies."""
    return (name, ALL)


def _outside(source: Source) -> Source:
    return source if source[1] == ALL else from_outside(source)


def _instead(sources: frozenset[Source], flow: Source | int) -> frozenset[Source]:
    """Some sources, where what flows in is another source, or made inside."""
    rest = sources - {FLOW}
    return rest if isinstance(flow, int) or rest == sources else rest | {flow}


def _border(summary: Summary) -> Border:
    border: Border = summary.border
    return border


def _bytes(tensor: TensorType) -> int:
    width = 8 if types.is_ids(tensor) else 4
    return width * types.numel(tensor)


_NOTHING = Summary((0, 0, 0), Border(frozenset(), FLOW))
SAVED_BYTES = SavedBytes()
