"""Hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._activation import ACTIVATION, Activation
from archdsl.ops.arithmetic._elementwise import KEEPS_OUTPUT
from archdsl.ops.base import Synonyms, Trait


@dataclass(frozen=True)
class Tanh(Activation):
    """tanh(x), keeping the shape. PyTorch: nn.Tanh."""

    traits = ACTIVATION | {Trait.SATURATING}
    gives = (-1, 1)
    example = "tanh"
    synonyms = Synonyms(torch=("Tanh",))
    torch_module = "nn.Tanh"
    torch_function = "torch.tanh"
    keeps = KEEPS_OUTPUT
