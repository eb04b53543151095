"""Swish in pieces of parabolas."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._pointwise import Pointwise


@dataclass(frozen=True)
class HardSwish(Pointwise):
    """x·relu6(x + 3) / 6, keeping the shape (Howard et al. 2019). PyTorch: nn.Hardswish."""

    example = "hard_swish"
    torch_module = "nn.Hardswish"
    torch_function = "F.hardswish"
