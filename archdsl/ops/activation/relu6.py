"""ReLU capped at six."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._activation import ACTIVATION, Activation
from archdsl.ops.base import Synonyms, Trait


@dataclass(frozen=True)
class Relu6(Activation):
    """min(max(0, x), 6), keeping the shape (Howard et al. 2017). PyTorch: nn.ReLU6."""

    traits = ACTIVATION | {Trait.RECTIFYING}
    gives = (0, 6)
    example = "relu6"
    synonyms = Synonyms(torch=("ReLU6",), arguments={"inplace": ""})
    torch_module = "nn.ReLU6"
    torch_function = "F.relu6"
