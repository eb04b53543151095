"""ReLU with a slope below zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from archdsl.ops.activation._activation import Activation
from archdsl.ops.base import Synonyms
from archdsl.ops.parameters import real

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class LeakyRelu(Activation):
    """x where positive, slope·x elsewhere, keeping the shape (Maas et al. 2013).

    PyTorch: nn.LeakyReLU.
    """

    slope: float = real(0.01)

    example = "leaky_relu"
    synonyms = Synonyms(
        torch=("LeakyReLU",),
        keras=("LeakyReLU",),
        arguments={"negative_slope": "slope", "inplace": ""},
        takes=("slope",),
    )
    torch_module = "nn.LeakyReLU"
    torch_function = "F.leaky_relu"
    defaults: ClassVar = {"negative_slope": 0.01}

    def arguments(self, x: TensorType) -> dict[str, Any]:
        return {"negative_slope": self.slope}
