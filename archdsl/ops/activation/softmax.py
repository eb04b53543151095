"""Softmax over the channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archdsl.ops.activation._pointwise import KEEPS_OUTPUT, Pointwise
from archdsl.ops.base import Synonyms, Trait
from archdsl.ops.plumbing._kinds import channel_axis
from archdsl.ops.reads import ALL, Reads, each

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Softmax(Pointwise):
    """exp(x) over its sum along the channels or features, keeping the shape.

    PyTorch: nn.Softmax.
    """

    traits = frozenset({Trait.ACTIVATION, Trait.SHARES})
    gives = (0, 1)
    example = "softmax"
    synonyms = Synonyms(
        torch=("Softmax", "log_softmax", "LogSoftmax"),
        keras=("Softmax",),
        arguments={"dim": "", "axis": ""},
        takes=("",),
    )
    torch_module = "nn.Softmax"
    torch_function = "F.softmax"
    keeps = KEEPS_OUTPUT

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=ALL),)

    def arguments(self, x: TensorType) -> dict[str, Any]:
        return {"dim": channel_axis(x)}
