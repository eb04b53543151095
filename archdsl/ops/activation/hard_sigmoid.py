"""Sigmoid in straight pieces."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._activation import ACTIVATION, Activation
from archdsl.ops.base import Synonyms, Trait


@dataclass(frozen=True)
class HardSigmoid(Activation):
    """relu6(x + 3) / 6, keeping the shape (Howard et al. 2019). PyTorch: nn.Hardsigmoid."""

    traits = ACTIVATION | {Trait.SATURATING}
    gives = (0, 1)
    example = "hard_sigmoid"
    synonyms = Synonyms(torch=("Hardsigmoid", "hardsigmoid"))
    torch_module = "nn.Hardsigmoid"
    torch_function = "F.hardsigmoid"
