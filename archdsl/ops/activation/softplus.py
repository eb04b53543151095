"""A smooth ReLU."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from archdsl.ops.activation._activation import Activation
from archdsl.ops.base import Synonyms


@dataclass(frozen=True)
class Softplus(Activation):
    """log(1 + exp(x)), keeping the shape (Dugas et al. 2000). PyTorch: nn.Softplus."""

    gives = (0, inf)
    example = "softplus"
    synonyms = Synonyms(torch=("Softplus",))
    torch_module = "nn.Softplus"
    torch_function = "F.softplus"
