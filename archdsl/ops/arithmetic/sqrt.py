"""The square root of each number."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from archdsl.ops.arithmetic._elementwise import KEEPS_OUTPUT, Elementwise
from archdsl.ops.base import Synonyms


@dataclass(frozen=True)
class Sqrt(Elementwise):
    """The square root of each number, which is not to be negative; its slope at 0 is infinite.

    PyTorch: torch.sqrt.
    """

    gives = (0, inf)
    example = "abs -> shift(1e-6) -> sqrt"
    synonyms = Synonyms(torch=("sqrt_",), keras=("Sqrt",), others=("square_root",))
    written = "{x}.sqrt()"
    keeps = KEEPS_OUTPUT
