"""Bytes that autograd keeps for the backward pass, from the rules that each op declares.

A tensor is a storage, counted once however many ops keep it; views share their input's. A block
evaluated the same way is summed up once: what it keeps inside, and whether it keeps what flows in
and what it gives, which its neighbours may keep too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.graph.walk import Walker
from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from archdsl.graph.nodes import CallNode, Fragment, Graph, OpNode, Ref
    from archdsl.types import TensorType


class Saved(NamedTuple):
    """Bytes kept in fp32: for each sample, and whatever the batch."""

    per_sample: int = 0
    fixed: int = 0

    def __add__(self, other: object) -> Saved:
        assert isinstance(other, Saved)
        return Saved(self.per_sample + other.per_sample, self.fixed + other.fixed)

    def bytes(self, batch: int) -> int:
        """For a batch."""
        return batch * self.per_sample + self.fixed


@dataclass(eq=False)
class Storage:
    """Memory behind one tensor or several views of it."""

    bytes: int
    kept: bool = False


class Summary(NamedTuple):
    """What a body keeps, apart from what flows in and what it gives; ``captured`` are the tensors
    of the bodies around it that it keeps."""

    inside: Saved
    keeps_input: bool
    keeps_output: bool
    gives_input: bool
    captured: frozenset[Ref]
    gives_captured: Ref | None


def saved_for_backward(graph: Graph) -> Saved:
    """What one training step keeps between forward and backward, the parameters left out."""
    summary = Summaries().of(graph.model)
    total = summary.inside
    if summary.keeps_input or (summary.gives_input and summary.keeps_output):
        total += Saved(_bytes(graph.model.takes))
    if summary.keeps_output and not summary.gives_input:
        total += Saved(_bytes(graph.model.out))
    return total


def _bytes(tensor: TensorType) -> int:
    width = 8 if isinstance(tensor, types.Tokens) else 4
    return width * types.numel(tensor)


class Summaries:
    """The summaries of the bodies met so far."""

    def __init__(self) -> None:
        self._known: dict[Fragment, Summary] = {}

    def of(self, fragment: Fragment) -> Summary:
        """What a body keeps."""
        found = self._known.get(fragment)
        if found is None:
            found = self._known[fragment] = _Body(self, fragment).summary()
        return found


class _Body(Walker[Storage]):
    """One body walked with a storage for each of its tensors."""

    def __init__(self, summaries: Summaries, fragment: Fragment) -> None:
        super().__init__()
        self.summaries = summaries
        self.fragment = fragment
        self.captured = {ref: Storage(_bytes(ref.out)) for ref in fragment.refs}
        self.storages: list[Storage] = []
        self.extra = Saved()

    def summary(self) -> Summary:
        takes = Storage(_bytes(self.fragment.takes))
        out = self.body(self.fragment, takes)
        outer = {takes, out, *self.captured.values()}
        inside = sum(s.bytes for s in self.storages if s.kept and s not in outer)
        return Summary(
            self.extra + Saved(inside),
            takes.kept,
            out.kept,
            out is takes,
            frozenset(ref for ref, storage in self.captured.items() if storage.kept),
            next((ref for ref, storage in self.captured.items() if storage is out), None),
        )

    def named(self, ref: Ref) -> Storage:
        return self.captured[ref] if ref in self.captured else super().named(ref)

    def call(self, node: CallNode, takes: Storage) -> Storage:
        summary = self.summaries.of(node.fragment)
        self.extra += summary.inside
        takes.kept = takes.kept or summary.keeps_input
        for ref in summary.captured:
            self.named(_from_outside(ref)).kept = True
        if summary.gives_input:
            return takes
        if summary.gives_captured is not None:
            return self.named(_from_outside(summary.gives_captured))
        return self.fresh(node.fragment.out, summary.keeps_output)

    def fresh(self, tensor: TensorType, kept: bool) -> Storage:
        storage = Storage(_bytes(tensor), kept)
        self.storages.append(storage)
        return storage

    def op(self, node: OpNode, inputs: list[Storage]) -> Storage:
        saves = node.op.saves(*node.inputs)
        for index in saves.inputs:
            inputs[index].kept = True
        self.extra += Saved(saves.per_sample, saves.fixed)
        if Trait.VIEW in node.op.traits:
            inputs[0].kept = inputs[0].kept or saves.output
            return inputs[0]
        return self.fresh(node.out, saves.output)


def _from_outside(ref: Ref) -> Ref:
    """A tensor that a body captures, as the body around it names it."""
    return replace(ref, up=ref.up - 1)
