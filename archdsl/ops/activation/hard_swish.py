"""Swish in pieces of parabolas."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._activation import Activation
from archdsl.ops.base import Synonyms


@dataclass(frozen=True)
class HardSwish(Activation):
    """x·relu6(x + 3) / 6, keeping the shape (Howard et al. 2019). PyTorch: nn.Hardswish."""

    example = "hard_swish"
    synonyms = Synonyms(torch=("Hardswish", "hardswish"))
    torch_module = "nn.Hardswish"
    torch_function = "F.hardswish"
