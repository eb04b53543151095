"""The attention classes of emitted files: one for each form, holding only what that form needs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from archdsl.ops.base import Definition
from archdsl.ops.sequence._scores_text import Scores, call, indented, opening

if TYPE_CHECKING:
    from archdsl.ops.sequence._rotary_text import Rotary

_NORMS = {"rms_norm": "nn.RMSNorm", "layer_norm": "nn.LayerNorm"}


class Form(NamedTuple):
    """Which of the attention classes."""

    scores: Scores
    cross: bool = False
    sized: bool = False  # a width of the heads, or a bias of the output, of its own
    apart: bool = False  # widths or biases of its own for each projection
    rotary: Rotary | None = None
    norm: str = ""  # of queries and keys

    @property
    def grouped(self) -> bool:
        return self.scores.grouped

    @property
    def name(self) -> str:
        """``CausalSelfAttention``"""
        core = "Cross" if self.cross else "Query" if self.grouped else "Self"
        core = f"{'Grouped' * self.grouped}{core}Attention"
        size = "Unpacked" if self.apart else "Sized" * self.sized
        norm = "".join(part.capitalize() for part in self.norm.split("_"))
        turn = "" if self.rotary is None else f"{'Partial' * self.rotary.part}Rotary"
        scores = self.scores
        causal = f"{turn}{scores.ahead}" if turn else scores.ahead
        return f"{size}{norm}{causal}{core}{scores.behind}"


@cache
def definitions(form: Form) -> tuple[Definition, ...]:
    """The class of a form, and the functions it calls."""
    source = f'{opening(form.name)}\n    """{_doc(form)}"""\n\n'
    source += indented(4, _signature(form)) + indented(8, *_setup(form)) + "\n"
    source += indented(4, _forward(form)) + indented(8, *_queries(form), *form.scores.forward())
    source += indented(8, "return self.proj(x.transpose(1, 2).flatten(2))")
    source += indented(4, *form.scores.methods())
    made = Definition(form.name, source, form.scores.imports)
    called = (*form.scores.definitions, *(form.rotary.definitions if form.rotary else ()))
    return (*called, made)


def _doc(form: Form) -> str:
    words = ["normed"] * bool(form.norm) + form.scores.words
    words.append("attention" if form.grouped or form.cross else "self-attention")
    words += ["to a memory"] * form.cross + ["with rotary positions"] * (form.rotary is not None)
    words += ["over padded rows"] * form.scores.padded
    return " ".join(words).capitalize() + "."


def _signature(form: Form) -> str:
    return call("def __init__", ["self", *_parameters(form)], " -> None:", room=84)


@cache
def takes(form: Form) -> tuple[str, ...]:
    """The names of what the constructor of a form takes."""
    return tuple(part.partition(":")[0] for part in _parameters(form))


def _parameters(form: Form) -> list[str]:
    names = ["features", *["memory_features"] * form.cross, "heads", *["kv_heads"] * form.grouped]
    names += ["head_width"] * (form.sized or form.apart or bool(form.norm))
    names += ["value_width", "out_features"] * form.apart
    options = ["bias: bool = True", *["key_bias: bool = True"] * form.apart]
    options += ["out_bias: bool = True"] * (form.sized or form.apart)
    if form.norm:
        options.append(
            "eps: float = 1e-5" if form.norm == "layer_norm" else "eps: float | None = None"
        )
    turn = form.rotary.parameters if form.rotary else []
    sizes = [f"{name}: int" for name in names]
    return [*sizes, *turn, *form.scores.parameters, *options, *form.scores.options]


def _setup(form: Form) -> list[str]:
    lines = ["super().__init__()", "self.heads = heads"]
    inner = "inner" if form.sized else "features"
    if form.grouped:
        lines.append("self.kv_heads = kv_heads")
    if form.rotary:
        names = [part.partition(":")[0] for part in form.rotary.parameters]
        lines += [f"self.{name} = {name}" for name in names]
    lines += form.scores.setup()
    if form.apart:
        lines += _unpacked(form)
    else:
        lines += _packed(form, inner)
    if form.norm:
        lines += [f"self.{of}_norm = {_NORMS[form.norm]}(head_width, eps=eps)" for of in "qk"]
    return lines + form.scores.weights()


def _packed(form: Form, inner: str) -> list[str]:
    lines = []
    if form.sized:
        lines.append("inner = heads * head_width")
    elif form.grouped and not form.norm:
        lines.append("head_width = features // heads")
    out_bias = "out_bias" if form.sized else "bias"
    lines += _projections(form, inner)
    return [*lines, f"self.proj = nn.Linear({inner}, features, bias={out_bias})"]


def _projections(form: Form, inner: str) -> list[str]:
    if not (form.cross or form.grouped):
        return [f"self.qkv = nn.Linear(features, 3 * {inner}, bias=bias)"]
    keys = "2 * kv_heads * head_width" if form.grouped else f"2 * {inner}"
    source = "memory_features" if form.cross else "features"
    return [
        f"self.q = nn.Linear(features, {inner}, bias=bias)",
        f"self.kv = nn.Linear({source}, {keys}, bias=bias)",
    ]


def _unpacked(form: Form) -> list[str]:
    source = "memory_features" if form.cross else "features"
    kv_heads = "kv_heads" if form.grouped else "heads"
    return [
        "self.q = nn.Linear(features, heads * head_width, bias=bias)",
        f"self.k = nn.Linear({source}, {kv_heads} * head_width, bias=key_bias)",
        f"self.v = nn.Linear({source}, {kv_heads} * value_width, bias=bias)",
        "self.proj = nn.Linear(heads * value_width, out_features, bias=out_bias)",
    ]


def _forward(form: Form) -> str:
    scores = form.scores
    given = ["x", *["memory"] * form.cross, *["position_bias"] * scores.biased, *scores.given]
    inputs = ["self", *(f"{name}: torch.Tensor" for name in given)]
    return call("def forward", inputs, " -> torch.Tensor:", room=84)


def _queries(form: Form) -> list[str]:
    heads = "self.kv_heads" if form.grouped else "self.heads"
    memory = "memory" if form.cross else "x"
    if form.apart:
        lines = [
            "q = self.q(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)",
            f"k = self.k({memory}).unflatten(-1, ({heads}, -1)).transpose(1, 2)",
            f"v = self.v({memory}).unflatten(-1, ({heads}, -1)).transpose(1, 2)",
        ]
    elif form.cross or form.grouped:
        lines = [
            "q = self.q(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)",
            f"kv = self.kv({memory}).unflatten(-1, (2, {heads}, -1))",
            "k, v = kv.permute(2, 0, 3, 1, 4).unbind()  # each (N, heads, L, width)",
        ]
    else:
        lines = [
            "qkv = self.qkv(x).unflatten(-1, (3, self.heads, -1))",
            "q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind()  # each (N, heads, L, width)",
        ]
    if form.norm:
        lines.append("q, k = self.q_norm(q), self.k_norm(k)")
    if form.rotary:
        q, k = form.rotary.of("q"), form.rotary.of("k")
        lines += [f"q = {q}", f"k = {k}"] if form.rotary.part else [f"q, k = {q}, {k}"]
    return lines
