"""Gaussian error linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archdsl.ops.activation._activation import Activation
from archdsl.ops.base import Synonyms
from archdsl.ops.parameters import word

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Gelu(Activation):
    """x·Φ(x) with the normal distribution function Φ, keeping the shape (Hendrycks & Gimpel 2016);
    approximate=tanh as GPT-2 has it. PyTorch: nn.GELU.
    """

    approximate: str = word("none", "tanh", default="none")

    example = "gelu"
    synonyms = Synonyms(torch=("GELU",))
    torch_module = "nn.GELU"
    torch_function = "F.gelu"

    def arguments(self, x: TensorType) -> dict[str, Any]:
        return {} if self.approximate == "none" else {"approximate": self.approximate}
