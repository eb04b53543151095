"""Hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._pointwise import ACTIVATION, KEEPS_OUTPUT, Pointwise
from archdsl.ops.base import Synonyms, Trait


@dataclass(frozen=True)
class Tanh(Pointwise):
    """tanh(x), keeping the shape. PyTorch: nn.Tanh."""

    traits = ACTIVATION | {Trait.SATURATING}
    gives = (-1, 1)
    example = "tanh"
    synonyms = Synonyms(torch=("Tanh",))
    torch_module = "nn.Tanh"
    torch_function = "torch.tanh"
    keeps = KEEPS_OUTPUT
