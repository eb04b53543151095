"""The size of each number."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from archdsl.ops.arithmetic._elementwise import Elementwise
from archdsl.ops.base import Synonyms


@dataclass(frozen=True)
class Abs(Elementwise):
    """|x|: each number without its sign. PyTorch: torch.abs."""

    gives = (0, inf)
    example = "abs"
    synonyms = Synonyms(torch=("absolute", "abs_"), keras=("Abs",))
    written = "{x}.abs()"
