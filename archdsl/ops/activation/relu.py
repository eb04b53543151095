"""Rectified linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from archdsl.ops.activation._activation import ACTIVATION, Activation
from archdsl.ops.arithmetic._elementwise import KEEPS_OUTPUT
from archdsl.ops.base import Synonyms, Trait


@dataclass(frozen=True)
class Relu(Activation):
    """max(0, x), keeping the shape (Nair & Hinton 2010). PyTorch: nn.ReLU."""

    traits = ACTIVATION | {Trait.RECTIFYING}
    gives = (0, inf)
    example = "relu"
    synonyms = Synonyms(torch=("ReLU", "relu_"), keras=("ReLU",), arguments={"inplace": ""})
    torch_module = "nn.ReLU"
    torch_function = "F.relu"
    keeps = KEEPS_OUTPUT
