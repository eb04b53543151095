"""The cosine of each number."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.arithmetic._elementwise import Elementwise
from archdsl.ops.base import Synonyms


@dataclass(frozen=True)
class Cos(Elementwise):
    """The cosine of each number, of angles in radians; beside the sine of the same angles it makes
    the features of positions in NeRF (Mildenhall et al., 2020). PyTorch: torch.cos.
    """

    gives = (-1, 1)
    example = "cos"
    synonyms = Synonyms(keras=("Cos",), others=("cosine",))
    written = "{x}.cos()"
