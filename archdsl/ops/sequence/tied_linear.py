"""Logits by the weights of an embedding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archdsl.ops.base import Op, OpError, Saves, Spelling, Trait
from archdsl.ops.parameters import Bound, tensor
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import MIXED, Reads, each
from archdsl.ops.sequence.embedding import Embedding
from archdsl.types import Sequence, TensorType, Vector, is_ids, numel, with_channels


@dataclass(frozen=True)
class TiedLinear(Op):
    """L×C → L×vocab, or C → vocab: how well what flows in matches each vector of an embedding,
    named by its ``let`` (Press & Wolf, 2017). It has no weights of its own.

    MACs: vocab·C for each position. PyTorch: F.linear with the embedding's weight.

    Errors: a name that holds no embedding; other features than the embedding gives; anything but
    a sequence or a vector.
    """

    to: Bound = tensor()  # noqa: RUF009 - a field, as for every parameter

    traits = frozenset({Trait.WEIGHTED, Trait.DENSE, Trait.AFFINE})
    example = "{ let words = embedding(64) return words -> gelu -> tied_linear(words) }"
    example_data: ClassVar[str] = "tokens(128, vocab=1000)"
    attribute = "logits"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, (Sequence, Vector)):
            raise wrong_kind("tied_linear", x, (Sequence, Vector))
        if not isinstance(self.to.op, Embedding):
            raise _no_embedding(self.to)
        if x.features != self.to.op.features:
            raise _other_features(x.features, self.to)
        return with_channels(x, self._vocab())

    def macs(self, *inputs: TensorType) -> int:
        return numel(inputs[0]) * self._vocab()

    def saves(self, *inputs: TensorType) -> Saves:
        return Saves(inputs=(0,))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return Spelling(function=f"F.linear({{x}}, self.{self.to.name}.weight)")

    def _vocab(self) -> int:
        ids = self.to.inputs[0]
        assert is_ids(ids)
        return ids.vocab


def _no_embedding(to: Bound) -> OpError:
    return OpError(
        f"`{to.name}` is {to.op.word()}, and there is no embedding in it",
        needed="the name of a `let` that holds an embedding",
        argument="to",
    )


def _other_features(features: int, to: Bound) -> OpError:
    return OpError(
        f"{features} features do not match the {to.op.features} of `{to.name}`",
        needed=f"{to.op.features} features",
        help=f"`linear({to.op.features})` before it makes them match",
    )
