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
from archdsl.ops.padding import looks_ahead
from archdsl.ops.parameters import Accepts, flag, real, whole, word
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import ALL, MIXED, Axis, Reads, each, nothing
from archdsl.ops.sequence._attention_kept import kept_in_attention
from archdsl.ops.sequence._attention_text import Form, definitions, takes
from archdsl.ops.sequence._heads import Sizes, check_heads, indivisible
from archdsl.ops.sequence._rotary_text import THETA, Rotary, check_turned
from archdsl.ops.sequence._scores import (
    along,
    arguments_of,
    check_bias,
    check_options,
    reads_bias,
    scores_of,
    weights_of,
)
from archdsl.types import Image, Sequence, TensorType, spatial

_BIASES = ("bias", "key_bias", "out_bias")
_OPTIONAL_FLAG = {"accepts": Accepts("flag", "true or false", optional=True)}


@dataclass(frozen=True)
class Attention(Op):
    """L×C → L×C: multi-head attention (Vaswani et al., 2017), by the fused kernel of
    F.scaled_dot_product_attention; computes what nn.MultiheadAttention(batch_first=True) does.

    Queries, keys and values come from one packed projection. ``kv_heads`` makes fewer heads of
    keys and values than of queries (grouped queries, Ainslie et al., 2023; 1: multi-query).
    ``causal`` lets a position read itself and what precedes it; ``rotary`` turns queries and keys
    by their positions (RoFormer), ``theta`` times slower in the last pair of features than in the
    first, and of each head the first ``rotary_width`` features alone (GPT-NeoX). With ``memory=``
    keys and values are read from that sequence. ``head_width`` is C / heads by default,
    ``value_width`` is head_width, and the result has C features, or ``features``. ``bias`` is that
    of all projections, ``out_bias`` of the last alone, ``key_bias`` of the keys (false: Whisper).
    ``qk_norm`` normalises the queries and keys of each head, by layer_norm (ViT-22B) or rms_norm
    (Gemma 3), with ``eps``.

    ``position_bias=``, ``scale``, ``softcap``, ``cosine``, ``sinks``, ``reach`` and
    ``global_tokens`` are those of dot_product_attention; with a ``reach`` all products are made
    still, and local_attention is cheaper on what is long. MACs: the projections and
    L·S·heads·(head_width + value_width). Of windows on a map: window_attention.

    Errors: heads that do not divide the features, or kv_heads the heads; rotary with heads of odd
    width; causal, reach or rotary with a memory; theta and rotary_width without rotary; eps without
    qk_norm; a bias of another shape; anything but sequences.
    """

    heads: int = whole()
    kv_heads: int | None = whole(None)
    head_width: int | None = whole(None)
    causal: bool = flag(False)
    rotary: bool = flag(False)
    dropout: float = real(0.0, minimum=0, maximum=1)
    bias: bool = flag(True)
    out_bias: bool | None = field(default=None, metadata=_OPTIONAL_FLAG)
    key_bias: bool | None = field(default=None, metadata=_OPTIONAL_FLAG)
    value_width: int | None = whole(None)
    features: int | None = whole(None)
    theta: float = real(THETA, minimum=1)
    rotary_width: int | None = whole(None)
    qk_norm: str | None = word("rms_norm", "layer_norm", default=None)
    eps: float | None = real(None, minimum=0)
    reach: int | None = whole(None)
    global_tokens: int = whole(0, minimum=0)
    scale: float | None = real(None)
    softcap: float | None = real(None, minimum=1e-6)
    cosine: bool = flag(False)
    sinks: bool = flag(False)

    traits = frozenset({Trait.WEIGHTED, Trait.ATTENTION, Trait.MIXES_POSITIONS})
    branches = Branches(optional=("memory", "position_bias"))
    example = "attention(8, causal=true)"
    synonyms = Synonyms(
        torch=("MultiheadAttention", "scaled_dot_product_attention"),
        keras=("MultiHeadAttention",),
        others=("mha", "MHA", "self_attention"),
        arguments={
            "embed_dim": "",
            "d_model": "",
            "num_heads": "heads",
            "nhead": "heads",
            "n_heads": "heads",
            "num_key_value_heads": "kv_heads",
            "key_dim": "head_width",
            "head_dim": "head_width",
            "value_dim": "value_width",
            "batch_first": "",
            "is_causal": "causal",
            "rope_theta": "theta",
            "attn_logit_softcapping": "softcap",
        },
        takes=("", "heads", "dropout", "bias"),
    )
    example_data: ClassVar[str] = "series(100, 64)"
    attribute = "attention"
    heeds_padding = True

    def infer(self, *inputs: TensorType) -> TensorType:
        x, memory, biases = _parts(inputs)
        for tensor in (x, *memory):
            if not isinstance(tensor, Sequence):
                help = "to_sequence makes an image a sequence of its positions"
                raise wrong_kind("attention", tensor, (Sequence,), help=help)
        assert isinstance(x, Sequence)
        width = check_heads(self.heads, x.features, self.head_width)
        if self.kv_heads is not None and self.heads % self.kv_heads:
            raise indivisible("kv_heads", self.kv_heads, self.heads, f"heads={self.heads}")
        self._check_rotary(width)
        if self.eps is not None and self.qk_norm is None:
            raise _idle("eps", "qk_norm")
        if memory and (self.causal or self.rotary):
            raise _positions_of_memory("causal" if self.causal else "rotary")
        sizes = self._sizes(*inputs)
        check_options(self, sizes.length, sizes.span)
        for bias in biases:
            check_bias("attention", bias, self.heads, sizes.length, sizes.span)
        return Sequence(x.length, sizes.out)

    def _check_rotary(self, width: int) -> None:
        if self.rotary:
            check_turned(width, self.rotary_width)
        elif self.theta != THETA or self.rotary_width is not None:
            raise _idle("theta" if self.theta != THETA else "rotary_width", "rotary")

    def params(self, *inputs: TensorType) -> int:
        sizes = self._sizes(*inputs)
        biases = (sizes.inner + sizes.values) * self.bias + sizes.keys * self._key_bias
        norms = {None: 0, "rms_norm": 2, "layer_norm": 4}[self.qk_norm] * sizes.width
        own = weights_of(self, self.heads) + norms
        return sizes.weights() + biases + sizes.out * self._out_bias + own

    def macs(self, *inputs: TensorType) -> int:
        sizes = self._sizes(*inputs)
        products = self.heads * sizes.length * sizes.span * (sizes.width + sizes.value_width)
        return sizes.projected() + products

    def saves(self, *inputs: TensorType) -> Saves:
        _, memory, _ = _parts(inputs)
        turned = self.rotary_width or self._sizes(*inputs).width
        return kept_in_attention(
            self._form(*inputs), self._sizes(*inputs), turned, places=tuple(range(1 + len(memory)))
        )

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return replace(self, dropout=0.0).saves(*inputs)

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        sizes, form = self._sizes(*inputs), self._form(*inputs)
        last = DenseLayer(sizes.attended, sizes.out, sizes.length)
        queries = DenseLayer(sizes.features, sizes.inner, sizes.length)
        if form.apart:
            keys = DenseLayer(sizes.memory, sizes.keys, sizes.span)
            return (queries, keys, DenseLayer(sizes.memory, sizes.values, sizes.span), last)
        if not (form.cross or form.grouped):
            return (DenseLayer(sizes.features, 3 * sizes.inner, sizes.length), last)
        return (queries, DenseLayer(sizes.memory, 2 * sizes.keys, sizes.span), last)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        x, memory, biases = _parts(inputs)
        read = along(self, spatial(x)[0]) if not memory else ALL
        alone = spatial((*memory, x)[0]) == (1,) and not self.sinks
        told = [_reads_bias(x, alone, read, self.sinks, len(inputs) - 1) for _ in biases]
        if memory:  # of one position alone that is read, whatever is asked for
            queries = nothing(x) if alone else each(x, channels=MIXED)
            return (queries, Reads((Axis(None, ALL), Axis(1, MIXED)), source=1), *told)
        positional = self.rotary or bool(biases)
        return (each(x, MIXED if read == ALL and positional else read, MIXED), *told)

    def spelling(self, *inputs: TensorType) -> Spelling:
        form = self._form(*inputs)
        given = [f"{{{index}}}" for index in range(len(inputs))] if len(inputs) > 1 else ["{x}"]
        rows = _keys(inputs).padded if form.scores.padded else None
        return Spelling(
            module=self._construct(form, *inputs),
            apply=f"{{m}}({', '.join([*given, *([rows.text] if rows else [])])})",
            context=(rows.lengths,) if rows else (),
            definitions=definitions(form),
        )

    def _construct(self, form: Form, *inputs: TensorType) -> Construct:
        sizes = self._sizes(*inputs)
        told: dict[str, Any] = {
            "features": sizes.features,
            "memory_features": sizes.memory,
            "heads": self.heads,
            "kv_heads": self.kv_heads,
            "head_width": sizes.width,
            "value_width": sizes.value_width,
            "out_features": sizes.out,
            "rotary_width": self.rotary_width,
            "theta": self.theta,
            **arguments_of(self),
            "bias": self.bias,
            "key_bias": self._key_bias,
            "out_bias": self._out_bias,
            "eps": self.eps,
        }
        arguments = {name: told[name] for name in takes(form) if told[name] is not None}
        defaults = {name: True for name in _BIASES if name in arguments}
        return Construct(form.name, arguments, 1 + form.cross, defaults=defaults)

    def _form(self, *inputs: TensorType) -> Form:
        _, memory, biases = _parts(inputs)
        grouped = self.kv_heads is not None and self.kv_heads != self.heads
        own = self.value_width is not None or self.features is not None
        apart = own or self._key_bias != self.bias
        sized = not apart and (self.head_width is not None or self._out_bias != self.bias)
        rotary = None
        if self.rotary:
            part = self.rotary_width not in (None, self._sizes(*inputs).width)
            rotary = Rotary(self.theta != THETA, part)
        padded = _keys(inputs).padded is not None and looks_ahead(self, *inputs)
        scores = scores_of(self, grouped=grouped, biased=bool(biases), padded=padded)
        return Form(scores, bool(memory), sized, apart, rotary, self.qk_norm or "")

    def _sizes(self, *inputs: TensorType) -> Sizes:
        x, memory = inputs[0], _keys(inputs)
        assert isinstance(x, Sequence)
        width = self.head_width or x.features // self.heads
        heads = (self.heads, self.kv_heads or self.heads, width, self.value_width or width)
        out = self.features or x.features
        return Sizes(x.features, memory.features, x.length, memory.length, *heads, out)

    @property
    def _out_bias(self) -> bool:
        return self.bias if self.out_bias is None else self.out_bias

    @property
    def _key_bias(self) -> bool:
        return self.bias if self.key_bias is None else self.key_bias


def _parts(
    inputs: tuple[TensorType, ...],
) -> tuple[TensorType, tuple[TensorType, ...], tuple[TensorType, ...]]:
    """What flows in, the memory and the bias by position: of two that may be left out, a bias is
    the image."""
    x, *rest = inputs
    if len(rest) == 2:
        return x, (rest[0],), (rest[1],)
    if rest and isinstance(rest[0], Image):
        return x, (), (rest[0],)
    return x, tuple(rest), ()


def _keys(inputs: tuple[TensorType, ...]) -> Sequence:
    """The sequence that keys and values are made of."""
    x, memories, _ = _parts(inputs)
    memory = (x, *memories)[-1]
    assert isinstance(memory, Sequence)
    return memory


def _reads_bias(x: TensorType, alone: bool, read: Any, sinks: bool, source: int) -> Reads:
    """Of a bias: every feature of the result reads those of all heads."""
    if alone:
        return Reads((Axis(None, nothing(x).axes[0].along),) * 3, source)
    _, queries, keys = reads_bias(read, sinks, 1, source).axes
    return Reads((Axis(1, MIXED), queries, keys), source)


def _idle(argument: str, beside: str) -> OpError:
    return OpError(
        f"{argument}= says something of {beside}, which there is none of",
        needed=f"{beside}= beside {argument}=",
        argument=argument,
    )


def _positions_of_memory(argument: str) -> OpError:
    return OpError(
        f"{argument}=true compares positions, and those of a memory are another sequence's",
        needed=f"a memory, or {argument}",
        argument=argument,
        replacement="false",
    )
