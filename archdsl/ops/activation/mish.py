"""Mish."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._activation import Activation
from archdsl.ops.base import Synonyms


@dataclass(frozen=True)
class Mish(Activation):
    """x·tanh(softplus(x)), keeping the shape (Misra 2019). PyTorch: nn.Mish."""

    example = "mish"
    synonyms = Synonyms(torch=("Mish",))
    torch_module = "nn.Mish"
    torch_function = "F.mish"
