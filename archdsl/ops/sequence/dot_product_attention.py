"""Attention of given queries to given keys and values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from archdsl.ops.attending import Shared
from archdsl.ops.base import Branches, Construct, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.padding import looks_ahead
from archdsl.ops.parameters import flag, real, whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import ALL, Along, Axis, Blocks, Reads, nothing
from archdsl.ops.sequence._dot_product_text import definition
from archdsl.ops.sequence._heads import indivisible
from archdsl.ops.sequence._kept import Parts, kept
from archdsl.ops.sequence._scores import (
    along,
    arguments_of,
    check_bias,
    check_options,
    compared,
    reads_bias,
    scores_of,
    weights_of,
)
from archdsl.types import Padded, Sequence, TensorType, padding

if TYPE_CHECKING:
    from archdsl.ops.sequence._scores_text import Scores


class Sizes(NamedTuple):
    """What is multiplied: ``length`` queries, ``span`` keys and values, and features of a head."""

    length: int
    span: int
    width: int
    value_width: int
    kv_heads: int


@dataclass(frozen=True)
class DotProductAttention(Op):
    """L×(h·d), S×(h'·d), S×(h'·d') → L×(h·d'): each query reads the values, weighted by softmax of
    its products with the keys, in each of h heads (Vaswani et al., 2017). The core of `attention`,
    for queries, keys and values made otherwise.

    ``kv_heads`` is h', h by default. ``scale`` multiplies the products, 1/√d by default; with
    ``cosine`` queries and keys have length 1 instead, and each head learns its scale, 10 at first
    and at most 100 (Swin v2). ``softcap=50`` keeps the products between ±50 by 50·tanh(·/50)
    (Gemma 2). ``position_bias=`` is added to them: an h×L×S image, such as relative_position_bias
    gives. ``causal`` and ``reach`` let a position read those before it, and those at most so far
    away (a sliding window of w positions as Mistral counts them is ``reach=w - 1``);
    ``global_tokens`` are positions at the beginning that all read, and that read all. With
    ``sinks`` a learned number for each head takes part in the softmax, and no value (gpt-oss).
    MACs: L·S·h·(d + d'), what masks shut out counted. By F.scaled_dot_product_attention, but for
    softcap and sinks.

    Errors: heads that do not divide the features, or kv_heads the heads; queries and keys of other
    widths; keys and values of other lengths; causal and reach where L is not S; a bias of another
    shape; scale beside cosine; global_tokens without reach; anything but sequences.
    """

    heads: int = whole()
    kv_heads: int | None = whole(None)
    causal: bool = flag(False)
    reach: int | None = whole(None)
    global_tokens: int = whole(0, minimum=0)
    scale: float | None = real(None)
    softcap: float | None = real(None, minimum=1e-6)
    cosine: bool = flag(False)
    sinks: bool = flag(False)
    dropout: float = real(0.0, minimum=0, maximum=1)

    traits = frozenset({Trait.MERGE, Trait.ATTENTION, Trait.MIXES_POSITIONS})
    branches = Branches(names=("q", "k", "v"), optional=("position_bias",), with_flow=False)
    example = "dot_product_attention(linear(64), linear(64), linear(64), heads=8)"
    synonyms = Synonyms(
        keras=("Attention", "DotProductAttention"),
        others=("attend", "sdpa"),
        arguments={"is_causal": "causal", "dropout_p": "dropout"},
    )
    example_data: ClassVar[str] = "series(100, 64)"
    attribute = "attention"
    heeds_padding = True

    def infer(self, *inputs: TensorType) -> TensorType:
        for tensor in inputs[:3]:
            if not isinstance(tensor, Sequence):
                help = "to_sequence makes an image a sequence of its positions"
                raise wrong_kind("dot_product_attention", tensor, (Sequence,), help=help)
        q, k, v = _sequences(*inputs)
        if q.features % self.heads:
            raise indivisible("heads", self.heads, q.features, f"the {q.features} of the queries")
        sizes = self._sizes(*inputs)
        if self.heads % sizes.kv_heads:
            raise indivisible("kv_heads", sizes.kv_heads, self.heads, f"heads={self.heads}")
        _check_widths(sizes, k, v)
        check_options(self, sizes.length, sizes.span)
        for bias in inputs[3:]:
            check_bias("dot_product_attention", bias, self.heads, sizes.length, sizes.span)
        return Sequence(q.length, self.heads * sizes.value_width)

    def check_rows(self, *inputs: TensorType) -> None:
        keys, values = (padding(x) for x in inputs[1:3])
        if keys != values:
            raise OpError(
                f"the keys have {_rows(keys)}, and the values {_rows(values)}",
                code="E302",
                needed="a value for each key",
                help="make both of one sequence",
            )

    def params(self, *inputs: TensorType) -> int:
        return weights_of(self, self.heads)

    def macs(self, *inputs: TensorType) -> int:
        sizes = self._sizes(*inputs)
        return self.heads * sizes.length * sizes.span * (sizes.width + sizes.value_width)

    def saves(self, *inputs: TensorType) -> Saves:
        sizes = self._sizes(*inputs)
        parts = Parts(self.heads, *sizes)
        return kept(self._scores(*inputs), parts)

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return replace(self, dropout=0.0).saves(*inputs)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        sizes = self._sizes(*inputs)
        share = self.heads // sizes.kv_heads
        width, given = sizes.width, sizes.value_width
        read = along(self, sizes.length) if sizes.length == sizes.span else ALL
        found = Reads((_over(read), Axis(1, Shared(given, share))), source=2)
        if sizes.span == 1 and not self.sinks:
            return (*(nothing(x, k) for k, x in enumerate(inputs) if k != 2), found)
        of_queries, of_keys = compared(read, self.sinks)
        queries = Reads((Axis(0, of_queries), Axis(1, Blocks(width, given))))
        keys = Reads((_over(of_keys), Axis(1, Blocks(width, share * given))), source=1)
        biases = [reads_bias(read, self.sinks, given, source=3)] * (len(inputs) - 3)
        return (queries, keys, found, *biases)

    def spelling(self, *inputs: TensorType) -> Spelling:
        scores = self._scores(*inputs)
        form = definition(scores)
        arguments: dict[str, Any] = {"heads": self.heads}
        if scores.grouped:
            arguments["kv_heads"] = self.kv_heads
        arguments.update(arguments_of(self))
        construct = Construct(form.name, arguments)
        given = [f"{{{index}}}" for index in range(len(inputs))]
        rows = padding(inputs[1]) if scores.padded else None
        return Spelling(
            construct,
            apply=f"{{m}}({', '.join([*given, *([rows.text] if rows else [])])})",
            context=(rows.lengths,) if rows else (),
            definitions=(*scores.definitions, form),
        )

    def _scores(self, *inputs: TensorType) -> Scores:
        grouped = self.kv_heads is not None and self.kv_heads != self.heads
        padded = padding(inputs[1]) is not None and looks_ahead(self, *inputs)
        return scores_of(self, grouped=grouped, biased=len(inputs) > 3, padded=padded)

    def _sizes(self, *inputs: TensorType) -> Sizes:
        q, k, v = _sequences(*inputs)
        kv_heads = self.kv_heads or self.heads
        return Sizes(q.length, k.length, q.features // self.heads, v.features // kv_heads, kv_heads)


def _rows(padded: Padded | None) -> str:
    return "rows of one length" if padded is None else f"rows of `{padded}`"


def _over(read: Along) -> Axis:
    """The axis of the keys: it ends where all are read."""
    return Axis(None, ALL) if read == ALL else Axis(0, read)


def _sequences(*inputs: TensorType) -> tuple[Sequence, Sequence, Sequence]:
    q, k, v = inputs[:3]
    assert isinstance(q, Sequence)
    assert isinstance(k, Sequence)
    assert isinstance(v, Sequence)
    return q, k, v


def _check_widths(sizes: Sizes, k: Sequence, v: Sequence) -> None:
    wanted = sizes.kv_heads * sizes.width
    if k.features != wanted:
        raise OpError(
            f"keys have {k.features} features, and {sizes.kv_heads} heads as wide as those of the"
            f" queries have {wanted}",
            needed=f"{wanted} features of the keys",
            help=f"linear({wanted}) gives keys of that width",
        )
    if v.length != k.length:
        raise OpError(
            f"there are {k.length} keys and {v.length} values",
            needed="a value for each key",
        )
    if v.features % sizes.kv_heads:
        heads, features = sizes.kv_heads, v.features
        raise OpError(
            f"{heads} heads do not divide the {features} features of the values",
            needed=f"a multiple of {heads}",
        )
