"""Hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._pointwise import ACTIVATION, KEEPS_OUTPUT, Pointwise
from archdsl.ops.base import Trait


@dataclass(frozen=True)
class Tanh(Pointwise):
    """tanh(x), keeping the shape. PyTorch: nn.Tanh."""

    traits = ACTIVATION | {Trait.SATURATING}
    example = "tanh"
    torch_module = "nn.Tanh"
    torch_function = "torch.tanh"
    keeps = KEEPS_OUTPUT
