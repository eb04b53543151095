"""Exponential linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from archdsl.ops.activation._activation import Activation
from archdsl.ops.base import Synonyms
from archdsl.ops.parameters import real

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Elu(Activation):
    """x where positive, alpha·(exp(x) - 1) elsewhere, keeping the shape (Clevert et al. 2015).

    PyTorch: nn.ELU.
    """

    alpha: float = real(1.0, minimum=0)

    example = "elu"
    synonyms = Synonyms(torch=("ELU",), keras=("ELU",))
    torch_module = "nn.ELU"
    torch_function = "F.elu"
    defaults: ClassVar = {"alpha": 1.0}

    def arguments(self, x: TensorType) -> dict[str, Any]:
        return {"alpha": self.alpha}
