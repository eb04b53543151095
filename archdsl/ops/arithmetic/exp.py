"""The exponential of each number."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from archdsl.ops.arithmetic._elementwise import KEEPS_OUTPUT, Elementwise
from archdsl.ops.base import Synonyms


@dataclass(frozen=True)
class Exp(Elementwise):
    """e to the power of each number, which is infinite from 89 on. PyTorch: torch.exp."""

    gives = (0, inf)
    example = "tanh -> exp"
    synonyms = Synonyms(torch=("exp_",), keras=("Exp",), others=("exponential",))
    written = "{x}.exp()"
    keeps = KEEPS_OUTPUT
