"""The sine of each number."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.arithmetic._elementwise import Elementwise
from archdsl.ops.base import Synonyms


@dataclass(frozen=True)
class Sin(Elementwise):
    """The sine of each number, of angles in radians: scale(30.0) -> sin is what stands between the
    layers of SIREN (Sitzmann et al., 2020). PyTorch: torch.sin.
    """

    gives = (-1, 1)
    example = "sin"
    synonyms = Synonyms(keras=("Sin",), others=("sine",))
    written = "{x}.sin()"
