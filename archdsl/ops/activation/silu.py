"""Sigmoid linear unit, also called swish."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._activation import Activation
from archdsl.ops.base import Synonyms


@dataclass(frozen=True)
class Silu(Activation):
    """x·sigmoid(x), keeping the shape (Ramachandran et al. 2017). PyTorch: nn.SiLU."""

    example = "silu"
    synonyms = Synonyms(torch=("SiLU",), others=("swish", "Swish"), arguments={"inplace": ""})
    torch_module = "nn.SiLU"
    torch_function = "F.silu"
