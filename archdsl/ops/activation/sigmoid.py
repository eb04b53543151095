"""The logistic function."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._pointwise import ACTIVATION, KEEPS_OUTPUT, Pointwise
from archdsl.ops.base import Synonyms, Trait


@dataclass(frozen=True)
class Sigmoid(Pointwise):
    """1 / (1 + exp(-x)), keeping the shape. PyTorch: nn.Sigmoid."""

    traits = ACTIVATION | {Trait.SATURATING}
    gives = (0, 1)
    example = "sigmoid"
    synonyms = Synonyms(torch=("Sigmoid",))
    torch_module = "nn.Sigmoid"
    torch_function = "torch.sigmoid"
    keeps = KEEPS_OUTPUT
