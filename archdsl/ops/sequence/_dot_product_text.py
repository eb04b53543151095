"""The classes of emitted files that attend to given keys and values."""

from __future__ import annotations

from functools import cache

from archdsl.ops.base import Definition
from archdsl.ops.sequence._scores_text import Scores, call, indented, opening


@cache
def definition(scores: Scores) -> Definition:
    """The class that weighs values so."""
    name = f"{scores.ahead}{'Grouped' * scores.grouped}DotProductAttention{scores.behind}"
    source = f'{opening(name)}\n    """{_doc(scores)}"""\n\n'
    names = ["self", "heads: int", *["kv_heads: int"] * scores.grouped, *scores.parameters]
    source += indented(4, call("def __init__", [*names, *scores.options], " -> None:", room=84))
    setup = [
        "super().__init__()",
        "self.heads = heads",
        *["self.kv_heads = kv_heads"] * scores.grouped,
    ]
    source += indented(8, *setup, *scores.setup(), *scores.weights()) + "\n"
    given = ["q", "k", "v", *["position_bias"] * scores.biased, *scores.given]
    inputs = ["self", *(f"{name}: torch.Tensor" for name in given)]
    source += indented(4, call("def forward", inputs, " -> torch.Tensor:", room=84))
    source += indented(8, *_split(scores), *scores.forward(), "return x.transpose(1, 2).flatten(2)")
    return Definition(name, source + indented(4, *scores.methods()), scores.imports)


def _doc(scores: Scores) -> str:
    last = "dot-product attention" + " over padded rows" * scores.padded
    words = " ".join([*scores.words, last])
    return f"{words[0].upper()}{words[1:]}{', biased' * scores.biased}."


def _split(scores: Scores) -> list[str]:
    kv_heads = "self.kv_heads" if scores.grouped else "self.heads"
    return [
        "q = q.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (N, heads, L, width)",
        f"k = k.unflatten(-1, ({kv_heads}, -1)).transpose(1, 2)",
        f"v = v.unflatten(-1, ({kv_heads}, -1)).transpose(1, 2)",
    ]
