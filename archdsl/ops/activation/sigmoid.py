"""The logistic function."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._activation import ACTIVATION, Activation
from archdsl.ops.arithmetic._elementwise import KEEPS_OUTPUT
from archdsl.ops.base import Synonyms, Trait


@dataclass(frozen=True)
class Sigmoid(Activation):
    """1 / (1 + exp(-x)), keeping the shape. PyTorch: nn.Sigmoid."""

    traits = ACTIVATION | {Trait.SATURATING}
    gives = (0, 1)
    example = "sigmoid"
    synonyms = Synonyms(torch=("Sigmoid",))
    torch_module = "nn.Sigmoid"
    torch_function = "torch.sigmoid"
    keeps = KEEPS_OUTPUT
