"""Bytes that autograd keeps for the backward pass, from the rules that each op declares.

A tensor is a storage, counted once however many ops keep it; views share their input's. A block
evaluated the same way is summed up once: what it keeps inside, and whether it keeps what flows in
and what it gives, which its neighbours may keep too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.graph.nodes import (
    Branch,
    CallNode,
    Chain,
    Fragment,
    Graph,
    Node,
    OpNode,
    Ref,
    Repeat,
    Slot,
)
from archdsl.ops.base import Trait

if TYPE_CHECKING:
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
    """What a body keeps, apart from what flows in and what it gives; ``captured`` by (name, up)."""

    inside: Saved
    keeps_input: bool
    keeps_output: bool
    gives_input: bool
    captured: frozenset[tuple[str, int]]
    gives_captured: tuple[str, int] | None


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


@dataclass(eq=False)
class _Body:
    """One body walked with a storage for each of its tensors."""

    summaries: Summaries
    fragment: Fragment
    names: dict[tuple[str, int], Storage] = field(default_factory=dict)
    storages: list[Storage] = field(default_factory=list)
    extra: Saved = field(default_factory=Saved)

    def summary(self) -> Summary:
        fragment = self.fragment
        takes = Storage(_bytes(fragment.takes))
        captured = {(ref.name, ref.up): Storage(_bytes(ref.out)) for ref in fragment.refs}
        self.names = {("x", 0): takes, **captured}
        for binding in fragment.bindings:
            self.names[binding.name, 0] = self.node(binding.node, takes)
        out = self.node(fragment.result, takes)
        outer = {takes, out, *captured.values()}
        inside = sum(s.bytes for s in self.storages if s.kept and s not in outer)
        return Summary(
            self.extra + Saved(inside),
            takes.kept,
            out.kept,
            out is takes,
            frozenset(name for name, storage in captured.items() if storage.kept),
            next((name for name, storage in captured.items() if storage is out), None),
        )

    def node(self, node: Node, takes: Storage) -> Storage:
        if isinstance(node, OpNode):
            return self.op(node, takes)
        if isinstance(node, Ref):
            return self.names[node.name, node.up]
        if isinstance(node, Chain):
            for step in node.steps:
                takes = self.node(step, takes)
            return takes
        if isinstance(node, Repeat):
            for _ in range(node.count):
                takes = self.node(node.step, takes)
            return takes
        if isinstance(node, CallNode):
            return self.call(node.fragment, takes)
        assert isinstance(node, (Slot, Branch))
        return self.node(node.layer, takes)

    def call(self, fragment: Fragment, takes: Storage) -> Storage:
        summary = self.summaries.of(fragment)
        self.extra += summary.inside
        takes.kept = takes.kept or summary.keeps_input
        for name, up in summary.captured:
            self.names[name, up - 1].kept = True
        if summary.gives_input:
            return takes
        if summary.gives_captured is not None:
            name, up = summary.gives_captured
            return self.names[name, up - 1]
        return self.fresh(fragment.out, summary.keeps_output)

    def fresh(self, tensor: TensorType, kept: bool) -> Storage:
        storage = Storage(_bytes(tensor), kept)
        self.storages.append(storage)
        return storage

    def op(self, node: OpNode, takes: Storage) -> Storage:
        inputs = [self.node(branch, takes) for branch in node.branches]
        if not inputs or node.op.branches.with_flow:
            inputs.insert(0, takes)
        saves = node.op.saves(*node.inputs)
        for index in saves.inputs:
            inputs[index].kept = True
        self.extra += Saved(saves.per_sample, saves.fixed)
        if Trait.VIEW in node.op.traits:
            inputs[0].kept = inputs[0].kept or saves.output
            return inputs[0]
        return self.fresh(node.out, saves.output)
