"""The attention classes of emitted files: one for each form, holding only what that form needs."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from archdsl.ops.base import Definition

ROTATE = Definition(
    "rotate",
    '''\
def rotate(x: torch.Tensor) -> torch.Tensor:
    """Rotary positions: turns pairs of features by the position's angles."""
    length, pairs = x.shape[-2], x.shape[-1] // 2
    rates = 10000 ** (-torch.arange(pairs, device=x.device) / pairs)
    angles = torch.outer(torch.arange(length, device=x.device), rates)
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)
''',
)


class Form(NamedTuple):
    """Which of the attention classes."""

    cross: bool = False
    grouped: bool = False
    sized: bool = False  # a width of the heads, or a bias of the output, of its own
    causal: bool = False
    rotary: bool = False
    dropping: bool = False

    @property
    def name(self) -> str:
        """``CausalSelfAttention``"""
        core = "Cross" if self.cross else "Query" if self.grouped else "Self"
        core = f"{'Grouped' if self.grouped else ''}{core}Attention"
        ahead = ("Sized" * self.sized, "Rotary" * self.rotary, "Causal" * self.causal)
        return f"{''.join(ahead)}{core}{'WithDropout' * self.dropping}"


@cache
def definitions(form: Form) -> tuple[Definition, ...]:
    """The class of a form, and the function it calls."""
    source = f'class {form.name}(nn.Module):\n    """{_doc(form)}"""\n\n'
    source += _indented(4, _signature(form)) + _indented(8, *_setup(form)) + "\n"
    source += _indented(4, _forward(form)) + _indented(8, *_queries(form), *_attend(form))
    definition = Definition(form.name, source)
    return (ROTATE, definition) if form.rotary else (definition,)


def _indented(width: int, *lines: str) -> str:
    return "".join(f"{' ' * width}{line}".rstrip() + "\n" for line in lines)


def _doc(form: Form) -> str:
    words = ["causal"] * form.causal
    words += ["grouped-query"] * form.grouped
    words.append("attention" if form.grouped or form.cross else "self-attention")
    words += ["to a memory"] * form.cross + ["with rotary positions"] * form.rotary
    return " ".join(words).capitalize() + "."


def _signature(form: Form) -> str:
    names = ["features", *["memory_features"] * form.cross, "heads"]
    names += ["kv_heads"] * form.grouped + ["head_width"] * form.sized
    options = ["bias: bool = True", *["out_bias: bool = True"] * form.sized]
    options += ["dropout: float = 0.0"] * form.dropping
    parts = ["self", *(f"{name}: int" for name in names), *options]
    return _call("def __init__", parts, " -> None:", room=84)


def _call(head: str, parts: list[str], tail: str = "", *, room: int) -> str:
    """One line where it fits in 88 columns, else one part a line, as formatters leave it."""
    line = f"{head}({', '.join(parts)}){tail}"
    if len(line) <= room:
        return line
    edge = " " * (88 - room)
    return f"{head}(\n" + "".join(f"{edge}    {part},\n" for part in parts) + f"{edge}){tail}"


def _setup(form: Form) -> list[str]:
    lines = ["super().__init__()", "self.heads = heads"]
    inner = "inner" if form.sized else "features"
    if form.grouped:
        lines.append("self.kv_heads = kv_heads")
    if form.dropping:
        lines.append("self.dropout = dropout")
    if form.sized:
        lines.append("inner = heads * head_width")
    elif form.grouped:
        lines.append("head_width = features // heads")
    lines += _projections(form, inner)
    out_bias = "out_bias" if form.sized else "bias"
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


def _forward(form: Form) -> str:
    inputs = "x: torch.Tensor, memory: torch.Tensor" if form.cross else "x: torch.Tensor"
    return f"def forward(self, {inputs}) -> torch.Tensor:"


def _queries(form: Form) -> list[str]:
    if form.cross or form.grouped:
        heads = "self.kv_heads" if form.grouped else "self.heads"
        lines = [
            "q = self.q(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)",
            f"kv = self.kv({'memory' if form.cross else 'x'}).unflatten(-1, (2, {heads}, -1))",
            "k, v = kv.permute(2, 0, 3, 1, 4).unbind()  # each (N, heads, L, width)",
        ]
    else:
        lines = [
            "qkv = self.qkv(x).unflatten(-1, (3, self.heads, -1))",
            "q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind()  # each (N, heads, L, width)",
        ]
    return [*lines, "q, k = rotate(q), rotate(k)"] if form.rotary else lines


def _attend(form: Form) -> list[str]:
    options = [*["is_causal=True"] * form.causal, *["enable_gqa=True"] * form.grouped]
    lines = []
    if form.dropping:
        lines.append("dropout = self.dropout if self.training else 0.0")
        options.insert(0, "dropout_p=dropout")
    arguments = ["q", "k", "v", *options]
    call = _call("x = F.scaled_dot_product_attention", arguments, room=80)
    return [*lines, call, "return self.proj(x.transpose(1, 2).flatten(2))"]
