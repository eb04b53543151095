"""Attention: each position reads the others, or those of a memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from archdsl.ops.base import (
    Branches,
    Construct,
    DenseLayer,
    Op,
    OpError,
    Saves,
    Spelling,
    Synonyms,
    Trait,
)
from archdsl.ops.parameters import Accepts, flag, real, whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import ALL, MIXED, Axis, Before, Reads, each, nothing
from archdsl.ops.sequence._attention_text import Form, definitions
from archdsl.ops.sequence._heads import Sizes, check_heads, indivisible
from archdsl.types import Sequence, TensorType, spatial

_OF_MEMORY = Reads((Axis(None, ALL), Axis(1, MIXED)), source=1)
_OPTIONAL_FLAG = {"accepts": Accepts("flag", "true or false", optional=True)}


@dataclass(frozen=True)
class Attention(Op):
    """L×C → L×C: multi-head attention (Vaswani et al., 2017), by the fused kernel of
    F.scaled_dot_product_attention; computes what nn.MultiheadAttention(batch_first=True) does.

    Queries, keys and values come from one packed projection. ``kv_heads`` makes fewer heads of
    keys and values than of queries (grouped queries, Ainslie et al., 2023; 1: multi-query).
    ``causal`` lets a position read itself and what precedes it; ``rotary`` turns queries and keys
    by their positions (RoFormer). With ``memory=`` keys and values are read from that sequence.
    ``head_width`` is C / heads by default; ``bias`` is that of all projections, ``out_bias`` of
    the last alone. MACs: the projections and 2·heads·L·S·width. Of windows: local_attention.

    Errors: heads that do not divide the features, or kv_heads the heads; rotary with heads of odd
    width; causal or rotary with a memory; anything but sequences.
    """

    heads: int = whole()
    kv_heads: int | None = whole(None)
    head_width: int | None = whole(None)
    causal: bool = flag(False)
    rotary: bool = flag(False)
    dropout: float = real(0.0, minimum=0, maximum=1)
    bias: bool = flag(True)
    out_bias: bool | None = field(default=None, metadata=_OPTIONAL_FLAG)

    traits = frozenset({Trait.WEIGHTED, Trait.ATTENTION, Trait.MIXES_POSITIONS})
    branches = Branches(optional=("memory",))
    example = "attention(8, causal=true)"
    synonyms = Synonyms(
        torch=("MultiheadAttention", "scaled_dot_product_attention"),
        keras=("MultiHeadAttention",),
        others=("mha", "MHA", "self_attention"),
        arguments={
            "embed_dim": "",
            "num_heads": "heads",
            "key_dim": "head_width",
            "batch_first": "",
            "is_causal": "causal",
        },
        takes=("", "heads", "dropout", "bias"),
    )
    example_data: ClassVar[str] = "series(100, 64)"
    attribute = "attention"

    def infer(self, *inputs: TensorType) -> TensorType:
        x = inputs[0]
        for tensor in inputs:
            if not isinstance(tensor, Sequence):
                help = "to_sequence makes an image a sequence of its positions"
                raise wrong_kind("attention", tensor, (Sequence,), help=help)
        assert isinstance(x, Sequence)
        width = check_heads(self.heads, x.features, self.head_width)
        if self.kv_heads is not None and self.heads % self.kv_heads:
            raise indivisible("kv_heads", self.kv_heads, self.heads, f"heads={self.heads}")
        if self.rotary and width % 2:
            raise _odd_width(width)
        if len(inputs) > 1 and (self.causal or self.rotary):
            raise _positions_of_memory("causal" if self.causal else "rotary")
        return x

    def params(self, *inputs: TensorType) -> int:
        sizes = self._sizes(*inputs)
        biases = (sizes.inner + 2 * sizes.inner_kv) * self.bias
        return sizes.weights() + biases + sizes.features * self._out_bias

    def macs(self, *inputs: TensorType) -> int:
        sizes = self._sizes(*inputs)
        return sizes.projected() + 2 * sizes.inner * sizes.length * sizes.span

    def saves(self, *inputs: TensorType) -> Saves:
        sizes = self._sizes(*inputs)
        turned = 4 * (sizes.length + sizes.span) * (sizes.inner // self.heads) * self.rotary
        kept, alone = self._kept_by_kernel(sizes), 0
        if self._is_unfused(sizes):
            kept, pinned = self._kept_by_math(sizes), 4 * self._beside_values(sizes, *inputs)
            alone = pinned if self.heads > 1 else 0
            kept += pinned // 4 if self.heads == 1 else 0
        places = tuple(range(len(inputs)))
        return Saves(places, fixed=turned, per_sample=4 * kept, alone=alone)

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return replace(self, dropout=0.0).saves(*inputs)

    def _beside_values(self, sizes: Sizes, *inputs: TensorType) -> int:
        """What the values share their storage with: they are not copied out of it where there is
        one head, or one sample, unless each serves several heads."""
        form = self._form(len(inputs) > 1)
        if form.grouped:
            return 0
        keys = sizes.span * sizes.inner_kv
        return keys if form.cross else keys + sizes.length * sizes.inner

    def _kept_by_kernel(self, sizes: Sizes) -> int:
        """Queries, keys, values, result and log-sum-exp; beside the turned queries and keys what
        they were turned from stays, as the values lie in the same storage."""
        queries, keys = sizes.length * sizes.inner, sizes.span * sizes.inner_kv
        turned = (queries + keys) * self.rotary
        if self.rotary and self.heads > 1 and not self._form(cross=False).grouped:
            turned += queries  # the kernel lays its result out as the queries: the heads are copied
        return 2 * queries + 2 * keys + turned + self.heads * sizes.length

    def _is_unfused(self, sizes: Sizes) -> bool:
        """Whether PyTorch multiplies step by step: with dropout, and where turned heads of width 2
        lie as the fused kernel does not take them."""
        narrow = self.rotary and self.heads > 1 and sizes.inner == 2 * self.heads
        return narrow or self.dropout > 0

    def _kept_by_math(self, sizes: Sizes) -> int:
        """Scaled queries and keys, values, result, and the scores: with dropout before it, after
        it, and its mask."""
        scores = self.heads * sizes.length * sizes.span * (3 if self.dropout else 1)
        return 2 * (sizes.length + sizes.span) * sizes.inner + scores

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        sizes, form = self._sizes(*inputs), self._form(len(inputs) > 1)
        last = DenseLayer(sizes.inner, sizes.features, sizes.length)
        if not (form.cross or form.grouped):
            return (DenseLayer(sizes.features, 3 * sizes.inner, sizes.length), last)
        queries = DenseLayer(sizes.features, sizes.inner, sizes.length)
        return (queries, DenseLayer(sizes.memory, 2 * sizes.inner_kv, sizes.span), last)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        x, *memory = inputs
        if memory:
            alone = spatial(memory[0]) == (1,)  # whatever is asked for, there is one to be read
            return (nothing(x) if alone else each(x, channels=MIXED), _OF_MEMORY)
        along = Before() if self.causal else MIXED if self.rotary else ALL
        return (each(x, along, MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        form = self._form(len(inputs) > 1)
        apply = "{m}({0}, {1})" if form.cross else "{m}({x})"
        construct = self._construct(form, *inputs)
        return Spelling(module=construct, apply=apply, definitions=definitions(form))

    def _construct(self, form: Form, *inputs: TensorType) -> Construct:
        sizes = self._sizes(*inputs)
        arguments: dict[str, Any] = {"features": sizes.features}
        if form.cross:
            arguments["memory_features"] = sizes.memory
        arguments["heads"] = self.heads
        if form.grouped:
            arguments["kv_heads"] = self.kv_heads
        if form.sized:
            arguments["head_width"] = sizes.inner // self.heads
        options = {"bias": self.bias, **({"out_bias": self._out_bias} if form.sized else {})}
        arguments.update({name: False for name, value in options.items() if not value})
        if form.dropping:
            arguments["dropout"] = self.dropout
        return Construct(form.name, arguments, positional=1 + form.cross)

    def _form(self, cross: bool) -> Form:
        sized = self.head_width is not None or self._out_bias != self.bias
        grouped = self.kv_heads is not None and self.kv_heads != self.heads
        return Form(cross, grouped, sized, self.causal, self.rotary, self.dropout > 0)

    def _sizes(self, *inputs: TensorType) -> Sizes:
        x, memory = inputs[0], inputs[-1]
        assert isinstance(x, Sequence)
        assert isinstance(memory, Sequence)
        width = self.head_width or x.features // self.heads
        inner_kv = (self.kv_heads or self.heads) * width
        inner = self.heads * width
        return Sizes(x.features, memory.features, x.length, memory.length, inner, inner_kv)

    @property
    def _out_bias(self) -> bool:
        return self.bias if self.out_bias is None else self.out_bias


def _odd_width(width: int) -> OpError:
    return OpError(
        f"rotary positions turn features in pairs, and a head has {width}",
        needed="heads of an even width",
        help="change heads= or head_width=",
        argument="rotary",
    )


def _positions_of_memory(argument: str) -> OpError:
    return OpError(
        f"{argument}=true compares positions, and those of a memory are another sequence's",
        needed=f"a memory, or {argument}",
        argument=argument,
        replacement="false",
    )
