"""ReLU with a learned slope below zero."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.activation._activation import Activation
from archdsl.ops.base import Construct, Spelling, Synonyms
from archdsl.ops.parameters import flag
from archdsl.ops.plumbing._axes import SWAPPED
from archdsl.ops.reads import Own, Reads, each
from archdsl.types import Sequence, TensorType, channels


@dataclass(frozen=True)
class Prelu(Activation):
    """x where positive, a·x elsewhere with one learned slope a, or with per_channel=true one for
    each channel, keeping the shape (He et al. 2015). PyTorch: nn.PReLU.
    """

    per_channel: bool = flag(False)

    example = "prelu"
    synonyms = Synonyms(torch=("PReLU",), keras=("PReLU",))

    def params(self, *inputs: TensorType) -> int:
        return channels(inputs[0]) if self.per_channel else 1

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=Own(alike=not self.per_channel)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        if not self.per_channel:
            return Spelling(module=Construct("nn.PReLU"))
        module = Construct("nn.PReLU", {"num_parameters": channels(x)}, positional=1)
        return Spelling(module, apply=SWAPPED if isinstance(x, Sequence) else "{m}({x})")

    def channels_last(self, x: TensorType) -> Spelling | None:
        return None if self.per_channel else self.spelling(x)
