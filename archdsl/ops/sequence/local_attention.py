"""Attention to what stands near."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from archdsl.ops.attending import Band
from archdsl.ops.base import Construct, DenseLayer, Op, OpError, Saves, Spelling, Trait
from archdsl.ops.padding import looks_ahead
from archdsl.ops.parameters import flag, real, whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.plumbing._padding import WITHIN
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
    of 3 blocks, or 2 when causal. The first ``global_tokens`` positions are read by all and read
    all, the latter by queries, keys and values of their own projections; with 0 these wait for a
    finetuning (as in Longformer, which is pretrained so). MACs: the projections and 2·L'·3·reach·C,
    where L' is the length rounded up to whole blocks; for each global token 2·L'·C + 2·L·C more.

    Errors: heads that do not divide the features; global tokens that are causal, or more than the
    positions; anything but a sequence.
    """

    heads: int = whole()
    reach: int = whole()
    causal: bool = flag(False)
    dropout: float = real(0.0, minimum=0, maximum=1)
    bias: bool = flag(True)
    global_tokens: int | None = whole(None, minimum=0)

    traits = frozenset({Trait.WEIGHTED, Trait.ATTENTION, Trait.MIXES_POSITIONS})
    example = "local_attention(8, reach=16)"
    example_data: ClassVar[str] = "series(100, 64)"
    attribute = "attention"
    heeds_padding = True

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Sequence):
            help = "window_attention reads the windows of an image"
            raise wrong_kind("local_attention", x, (Sequence,), help=help)
        check_heads(self.heads, x.features, None)
        self._check_global(x.length)
        return x

    def _check_global(self, length: int) -> None:
        if self.global_tokens is None:
            return
        if self.causal:
            raise _global_and_causal()
        if self.global_tokens > length:
            raise _too_many(self.global_tokens, length)

    def params(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Sequence)
        projections = 4 if self.global_tokens is None else 7
        return projections * x.features * (x.features + self.bias)

    def macs(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Sequence)
        products = 2 * self._padded(x) * self._span()
        return 4 * x.length * x.features**2 + products * x.features + self._read_all(x)

    def _read_all(self, x: Sequence) -> int:
        """Multiply-accumulates of what the global tokens read."""
        tokens = self.global_tokens or 0
        projected = (tokens + 2 * x.length) * x.features**2
        return projected + 2 * tokens * x.length * x.features if tokens else 0

    def saves(self, *inputs: TensorType) -> Saves:
        (x,) = inputs
        assert isinstance(x, Sequence)
        scores = self._padded(x) * self._span()
        beside = 3 * self.heads * scores if self.dropout else self.heads * self._padded(x)
        kept = self._keys(x) * x.features + beside + x.length * x.features + self._kept_globally(x)
        if self.dropout:
            return Saves((0,), per_sample=4 * kept)
        if looks_ahead(self, x):  # each sample has masks of its own
            masks = self.heads * scores + (x.length if self.global_tokens else 0)
            return Saves((0,), per_sample=4 * (kept + masks))
        return Saves((0,), fixed=4 * scores, per_sample=4 * kept)

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return replace(self, dropout=0.0).saves(*inputs)

    def _keys(self, x: Sequence) -> int:
        """Positions of the queries, keys, values and result that are kept."""
        padded = self._padded(x)
        beside_blocks = 2 * padded // self.reach * self._span()
        if self.dropout:  # the math path copies keys and values for each block
            return padded + beside_blocks
        if self.global_tokens:  # those of the global tokens are put before each block's
            return 2 * padded + beside_blocks
        return 4 * padded + 2 * (self._span() - self.reach)

    def _kept_globally(self, x: Sequence) -> int:
        """Numbers kept of what the global tokens read."""
        tokens = self.global_tokens or 0
        if not tokens:
            return 0
        cut_out = tokens if 1 < tokens < x.length else 0
        kept = (cut_out + tokens + 2 * x.length) * x.features
        if self.dropout:
            return kept + 3 * self.heads * tokens * x.length
        return kept + tokens * x.features + self.heads * tokens

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        (x,) = inputs
        assert isinstance(x, Sequence)
        if self.global_tokens is None:
            return packed(x.features, x.length)
        tokens, width = self.global_tokens, x.features
        pairs = DenseLayer(width, 2 * width, x.length if tokens else 0)
        return (*packed(width, x.length), DenseLayer(width, width, tokens), pairs)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        return (each(x, self._along(spatial(x)[0]), MIXED),)

    def _along(self, length: int) -> Along:
        if self.global_tokens:
            return Band(self.reach, first=self.global_tokens)
        far = self.reach >= length - 1
        if self.causal:
            return Before() if far else Nearby(self.reach + 1, before=self.reach)
        return ALL if far else Nearby(2 * self.reach + 1, before=self.reach)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        assert isinstance(x, Sequence)
        rows = x.padded if looks_ahead(self, x) else None
        form = definition(self.causal, self.dropout > 0, self.global_tokens, rows is not None)
        arguments: dict[str, Any] = {"features": x.features}
        arguments.update(heads=self.heads, reach=self.reach)
        if self.global_tokens:
            arguments["global_tokens"] = self.global_tokens
        if not self.bias:
            arguments["bias"] = False
        if self.dropout:
            arguments["dropout"] = self.dropout
        construct = Construct(form.name, arguments, positional=1)
        if rows is None:
            return Spelling(module=construct, definitions=(form,))
        return Spelling(
            module=construct,
            apply=f"{{m}}({{x}}, {rows.text})",
            context=(rows.lengths,),
            definitions=(WITHIN, form) if self.global_tokens else (form,),
        )

    def _padded(self, x: Sequence) -> int:
        """Positions in whole blocks."""
        return -(-x.length // self.reach) * self.reach

    def _span(self) -> int:
        """Keys that a block of queries stands beside."""
        return (2 if self.causal else 3) * self.reach + (self.global_tokens or 0)


def _global_and_causal() -> OpError:
    return OpError(
        "global tokens read all positions, also those after them, which causal=true forbids",
        needed="global_tokens, or causal",
        help="attention(…, causal=true, reach=…, global_tokens=…) has global tokens that read only"
        " what came before",
        argument="global_tokens",
    )


def _too_many(tokens: int, length: int) -> OpError:
    return OpError(
        f"global_tokens={tokens} are more than a sequence of length {length} has",
        needed=f"at most {length}",
        argument="global_tokens",
        replacement=str(length),
    )
