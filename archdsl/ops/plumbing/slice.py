"""Some of the channels, or of the positions along an axis."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, OpError, Spelling, Synonyms, Trait
from archdsl.ops.parameters import whole, word
from archdsl.ops.plumbing._kinds import FEATURES, GRIDS, wrong_kind
from archdsl.ops.reads import OWN, Reads, Taken, each
from archdsl.types import (
    Image,
    Sequence,
    TensorType,
    Volume,
    channels,
    resized,
    spatial,
    with_channels,
)

_SPATIAL: dict[type, tuple[str, ...]] = {
    Sequence: ("length",),
    Image: ("height", "width"),
    Volume: ("depth", "height", "width"),
}


@dataclass(frozen=True)
class Slice(Op):
    """Every step-th channel from start up to, not including, stop: C×H×W → C'×H×W; stop left to
    itself is the end. axis=length takes positions of a sequence, axis=depth, height or width those
    of a volume or an image. PyTorch: x[:, start:stop:step].

    Errors: a stop beyond the end; nothing between start and stop; an axis that the input lacks.
    """

    start: int = whole(minimum=0)
    stop: int | None = whole(None)
    step: int = whole(1)
    axis: str = word("channels", "length", "depth", "height", "width", default="channels")

    traits = frozenset({Trait.VIEW, Trait.AFFINE})
    example = "conv(8, 3) -> slice(0, 4)"
    synonyms = Synonyms(
        torch=("narrow",),
        keras=("Cropping1D", "Cropping2D", "Cropping3D"),
    )

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("slice", x)
        if self.axis == "channels":
            return with_channels(x, self._count(channels(x), "channels"))
        return self._shortened(x)

    def _shortened(self, x: TensorType) -> TensorType:
        if not isinstance(x, GRIDS) or self.axis not in _SPATIAL[type(x)]:
            kinds = tuple(kind for kind, axes in _SPATIAL.items() if self.axis in axes)
            raise wrong_kind(f"slice(axis={self.axis})", x, kinds)
        sizes = [
            self._count(size, "positions") if axis == self.axis else size
            for axis, size in zip(_SPATIAL[type(x)], spatial(x), strict=True)
        ]
        return resized(x, channels(x), tuple(sizes))

    def _count(self, size: int, noun: str) -> int:
        stop = size if self.stop is None else self.stop
        if stop > size:
            message = f"stop={stop} is beyond the {size} {noun}"
            raise OpError(message, needed=f"at most {size}", argument="stop", replacement=str(size))
        if self.start >= stop:
            message = f"nothing lies from {self.start} up to {stop} of the {size} {noun}"
            raise OpError(message, needed=f"a start below {stop}", argument="start")
        return -(-(stop - self.start) // self.step)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        taken = Taken(self.start, self.step)
        if self.axis == "channels":
            return (each(x, channels=taken),)
        return (each(x, [taken if axis == self.axis else OWN for axis in _SPATIAL[type(x)]]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        axes = _axes(inputs[0])
        index = axes.index(self.axis)
        before = ":, " * index if index < len(axes) - 1 or index < 2 else "..., "
        values = {"start": self.start, "stop": self.stop, "step": self.step}
        told = {name: value for name, value in values.items() if value not in _UNTOLD[name]}
        start, stop, step = (f"{{{name}}}" if name in told else "" for name in values)
        bounds = f"{start}:{stop}" + (f":{step}" if step else "")
        return Spelling(function=f"{{x}}[{before}{bounds}]", values=told)


def _axes(x: TensorType) -> tuple[str, ...]:
    """The axes in PyTorch's order."""
    along = _SPATIAL.get(type(x), ())
    if isinstance(x, Sequence):
        return ("batch", *along, "channels")
    return ("batch", "channels", *along)


_UNTOLD: dict[str, tuple[int | None, ...]] = {"start": (0,), "stop": (None,), "step": (1,)}
