"""A part of the positions."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Branches, Op, OpError, Spelling, Synonyms, Trait
from archdsl.ops.parameters import extent
from archdsl.ops.plumbing._axes import short, spread
from archdsl.ops.plumbing._target import grid, target
from archdsl.ops.reads import Reads, Taken, each, nothing
from archdsl.types import Sequence, TensorType, channels, resized, said, spatial


@dataclass(frozen=True)
class Crop(Op):
    """C×H×W → C×H'×W': the middle of so many positions, as many as another tensor has with
    like= (the skips of the first U-Net, Ronneberger et al. 2015); also on volumes and sequences.
    start= says where it begins, size(0, 0) at the top left. PyTorch: x[..., 2:-2, 2:-2].

    Errors: no size, or two; more positions than there are; a start that leaves too few.
    """

    size: int | tuple[int, ...] | None = extent(None)
    start: int | tuple[int, ...] | None = extent(None, minimum=0)

    traits = frozenset({Trait.VIEW, Trait.AFFINE})
    branches = Branches(optional=("like",))
    example = "crop(size(28, 28))"
    synonyms = Synonyms(
        torch=("CenterCrop", "center_crop"),
        keras=("CenterCrop",),
        others=("centre_crop",),
        takes=("size",),
    )

    def infer(self, *inputs: TensorType) -> TensorType:
        x = grid("crop", inputs[0])
        sizes = target("crop", self.size, inputs)
        if any(n > there for n, there in zip(sizes, spatial(x), strict=True)):
            raise OpError(
                f"there are no {_times(sizes)} positions in {said(x)}",
                needed=f"at most {_times(spatial(x))}",
                help="pad puts positions around, resize mixes new ones",
                argument="size" if self.size is not None else None,
            )
        ends = (s + n for s, n in zip(self._starts(x, sizes), sizes, strict=True))
        if any(end > there for end, there in zip(ends, spatial(x), strict=True)):
            raise OpError(
                f"{_times(sizes)} positions from there on lie beyond {said(x)}",
                needed="a start of at most "
                + _times(tuple(t - n for n, t in zip(sizes, spatial(x), strict=True))),
                argument="start",
            )
        return resized(x, channels(x), sizes)

    def _starts(self, x: TensorType, sizes: tuple[int, ...]) -> tuple[int, ...]:
        if self.start is not None:
            return spread("start", self.start, len(sizes))
        return tuple((there - n) // 2 for n, there in zip(sizes, spatial(x), strict=True))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        x, *like = inputs
        starts = self._starts(x, spatial(self.infer(*inputs)))
        return (each(x, [Taken(at) for at in starts]), *(nothing(one, source=1) for one in like))

    def spelling(self, *inputs: TensorType) -> Spelling:
        x, sizes = inputs[0], spatial(self.infer(*inputs))
        starts = self._starts(x, sizes)
        values: dict[str, int] = {}
        bounds = []
        for k, (start, n, there) in enumerate(zip(starts, sizes, spatial(x), strict=True), 1):
            first = f"{{start{k}}}" if start else ""
            last = f"{{stop{k}}}" if start + n < there else ""
            values.update({f"start{k}": start} if first else {})
            values.update({f"stop{k}": start + n} if last else {})
            bounds.append(f"{first}:{last}")
        before = ":, " if isinstance(x, Sequence) else "..., "
        taken = "{0}" if len(inputs) > 1 else "{x}"
        return Spelling(function=f"{taken}[{before}{', '.join(bounds)}]", values=values)


def _times(sizes: tuple[int, ...]) -> str:
    return "×".join(map(str, sizes)) if len(sizes) > 1 else str(short(sizes))
