"""Attention to what stands near."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from archdsl.ops.base import Construct, DenseLayer, Op, Saves, Spelling, Trait
from archdsl.ops.parameters import flag, real, whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import ALL, MIXED, Along, Before, Nearby, Reads, each
from archdsl.ops.sequence._heads import check_heads, packed
from archdsl.ops.sequence._local_text import definition
from archdsl.types import Sequence, TensorType, spatial


@dataclass(frozen=True)
class LocalAttention(Op):
    """L×C → L×C: multi-head attention of each position to those at most ``reach`` away, at a cost
    that grows with the length and not with its square (Longformer, Beltagy et al., 2020, whose
    window is 2·reach).

    With ``causal`` a position reads itself and the ``reach`` positions before it (as Mistral
    does, whose window is reach + 1). Computed in blocks of ``reach`` queries, each beside the keys
    of 3 blocks, or 2 when causal. MACs: the projections and 2·L'·3·reach·C, where L' is the length
    rounded up to whole blocks.

    Errors: heads that do not divide the features; anything but a sequence.
    """

    heads: int = whole()
    reach: int = whole()
    causal: bool = flag(False)
    dropout: float = real(0.0, minimum=0, maximum=1)
    bias: bool = flag(True)

    traits = frozenset({Trait.WEIGHTED, Trait.ATTENTION, Trait.MIXES_POSITIONS})
    example = "local_attention(8, reach=16)"
    example_data: ClassVar[str] = "series(100, 64)"
    attribute = "attention"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            help = "window_attention reads the windows of an image"
            raise wrong_kind("local_attention", x, (Sequence,), help=help)
        check_heads(self.heads, x.features, None)
        return x

    def params(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Sequence)
        return 4 * x.features * (x.features + self.bias)

    def macs(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Sequence)
        products = 2 * self._padded(x) * self._span()
        return 4 * x.length * x.features**2 + products * x.features

    def saves(self, *inputs: TensorType) -> Saves:
        (x,) = inputs
        assert isinstance(x, Sequence)
        scores = self._padded(x) * self._span()
        beside = 3 * self.heads * scores if self.dropout else self.heads * self._padded(x)
        kept = self._keys(x) * x.features + beside + x.length * x.features
        return Saves((0,), fixed=0 if self.dropout else 4 * scores, per_sample=4 * kept)

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return replace(self, dropout=0.0).saves(*inputs)

    def _keys(self, x: Sequence) -> int:
        """Positions of the queries, keys, values and result that are kept."""
        padded = self._padded(x)
        if self.dropout:  # the math path copies keys and values for each block
            return padded + 2 * padded // self.reach * self._span()
        return 4 * padded + 2 * (self._span() - self.reach)

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        (x,) = inputs
        assert isinstance(x, Sequence)
        return packed(x.features, x.length)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        return (each(x, self._along(spatial(x)[0]), MIXED),)

    def _along(self, length: int) -> Along:
        far = self.reach >= length - 1
        if self.causal:
            return Before() if far else Nearby(self.reach + 1, before=self.reach)
        return ALL if far else Nearby(2 * self.reach + 1, before=self.reach)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        assert isinstance(x, Sequence)
        form = definition(self.causal, self.dropout > 0)
        arguments: dict[str, Any] = {"features": x.features}
        arguments.update(heads=self.heads, reach=self.reach)
        if not self.bias:
            arguments["bias"] = False
        if self.dropout:
            arguments["dropout"] = self.dropout
        construct = Construct(form.name, arguments, positional=1)
        return Spelling(module=construct, definitions=(form,))

    def _padded(self, x: Sequence) -> int:
        """Positions in whole blocks."""
        return -(-x.length // self.reach) * self.reach

    def _span(self) -> int:
        """Keys that a block of queries stands beside."""
        return (2 if self.causal else 3) * self.reach
