"""Some of the channels."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, OpError, Spelling, Trait
from archdsl.ops.parameters import whole, word
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.types import Sequence, TensorType, channels, with_channels


@dataclass(frozen=True)
class Slice(Op):
    """Every step-th channel from start up to, not including, stop: C×H×W → C'×H×W; stop left to
    itself is the end. axis=length takes positions of a sequence. PyTorch: x[:, start:stop:step].

    Errors: a stop beyond the end; nothing between start and stop; axis=length without a sequence.
    """

    start: int = whole(minimum=0)
    stop: int | None = whole(None)
    step: int = whole(1)
    axis: str = word("channels", "length", default="channels")

    traits = frozenset({Trait.VIEW})
    example = "conv(8, 3) -> slice(0, 4)"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("slice", x)
        if self.axis == "channels":
            return with_channels(x, self._count(channels(x), "channels"))
        if not isinstance(x, Sequence):
            raise wrong_kind("slice(axis=length)", x, (Sequence,))
        return Sequence(self._count(x.length, "positions"), x.features)

    def _count(self, size: int, noun: str) -> int:
        stop = size if self.stop is None else self.stop
        if stop > size:
            message = f"stop={stop} is beyond the {size} {noun}"
            raise OpError(message, needed=f"at most {size}", argument="stop", replacement=str(size))
        if self.start >= stop:
            message = f"nothing lies from {self.start} up to {stop} of the {size} {noun}"
            raise OpError(message, needed=f"a start below {stop}", argument="start")
        return -(-(stop - self.start) // self.step)

    def spelling(self, *inputs: TensorType) -> Spelling:
        last = isinstance(inputs[0], Sequence) and self.axis == "channels"
        values = {"start": self.start, "stop": self.stop, "step": self.step}
        told = {name: value for name, value in values.items() if value not in _UNTOLD[name]}
        start, stop, step = (f"{{{name}}}" if name in told else "" for name in values)
        bounds = f"{start}:{stop}" + (f":{step}" if step else "")
        return Spelling(function=f"{{x}}[{'...' if last else ':'}, {bounds}]", values=told)


_UNTOLD: dict[str, tuple[int | None, ...]] = {"start": (0,), "stop": (None,), "step": (1,)}
