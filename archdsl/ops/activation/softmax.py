"""Softmax along an axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archdsl.ops.activation._activation import Activation
from archdsl.ops.arithmetic._elementwise import KEEPS_OUTPUT
from archdsl.ops.base import Saves, Spelling, Synonyms, Trait, declare
from archdsl.ops.parameters import word
from archdsl.ops.plumbing._kinds import channel_axis
from archdsl.ops.plumbing._named import AXES, dim, names, place
from archdsl.ops.plumbing._padding import filled, kept_when_filled
from archdsl.ops.reads import ALL, OWN, Axis, Reads

if TYPE_CHECKING:
    from archdsl.types import TensorType

_OVER_CHANNELS = ("channels", "features")


@dataclass(frozen=True)
class Softmax(Activation):
    """exp(x) over its sum along the channels or features, keeping the shape. axis= has another one:
    softmax(axis=length) makes weights of the positions of a sequence.

    PyTorch: nn.Softmax.

    Errors: an axis that the input lacks.
    """

    axis: str = word(*AXES, default="channels")

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
    heeds_padding = True

    def __post_init__(self) -> None:
        if self.axis not in _OVER_CHANNELS:
            declare(self, traits=frozenset({Trait.ACTIVATION, Trait.MIXES_POSITIONS}))

    def infer(self, *inputs: TensorType) -> TensorType:
        out = super().infer(*inputs)
        self._place(out)
        return out

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        at = self._place(x)
        return (Reads(tuple(Axis(k, ALL if k == at else OWN) for k in range(len(names(x))))),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        plain = super().spelling(*inputs)
        return filled(plain, inputs[0], least=True) if self.axis == "length" else plain

    def saves(self, *inputs: TensorType) -> Saves:
        plain = super().saves(*inputs)
        return kept_when_filled(plain, inputs[0]) if self.axis == "length" else plain

    def arguments(self, x: TensorType) -> dict[str, Any]:
        over_channels = self.axis in _OVER_CHANNELS
        return {"dim": channel_axis(x) if over_channels else dim(self._place(x), x)}

    def channels_last(self, x: TensorType) -> Spelling | None:
        if self.axis not in _OVER_CHANNELS:
            return None
        return self.spelled({"dim": -1})

    def _place(self, x: TensorType) -> int:
        axis = "channels" if self.axis in _OVER_CHANNELS else self.axis
        return place("softmax", axis, x)
