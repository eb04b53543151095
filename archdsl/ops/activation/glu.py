"""Gated linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archdsl.ops.activation._activation import Activation
from archdsl.ops.base import OpError, Spelling, Synonyms, Trait
from archdsl.ops.plumbing._kinds import channel_axis
from archdsl.ops.reads import Nearby, Reads, each
from archdsl.types import TensorType, channels, with_channels


@dataclass(frozen=True)
class Glu(Activation):
    """a·sigmoid(b) of the channels' halves a and b: C×H×W → C/2×H×W (Dauphin et al. 2016).

    PyTorch: nn.GLU.

    Errors: an odd number of channels.
    """

    traits = frozenset({Trait.ACTIVATION, Trait.GATED})
    example = "conv(8, 3) -> glu"
    synonyms = Synonyms(torch=("GLU",))
    torch_module = "nn.GLU"
    torch_function = "F.glu"

    def infer(self, *inputs: TensorType) -> TensorType:
        x = super().infer(*inputs)
        if channels(x) % 2:
            raise OpError(
                f"glu halves the channels, and {channels(x)} is odd", needed="an even number"
            )
        return with_channels(x, channels(x) // 2)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        return (each(x, channels=Nearby(2, dilation=channels(x) // 2)),)

    def arguments(self, x: TensorType) -> dict[str, Any]:
        return {} if channel_axis(x) == -1 else {"dim": channel_axis(x)}

    def channels_last(self, x: TensorType) -> Spelling | None:
        return self.spelled({})
