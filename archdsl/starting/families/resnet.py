from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.description import SMALL_PICTURE
from archdsl.starting.families import Family, Size, Tower
from archdsl.starting.pyramid import Pyramid, pyramid
from archdsl.starting.thresholds import ATTENTION_SAMPLES, FEW_STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.starting.description import Description

LONG = 512  # positions of a sequence that the stages begin with, at most
KERNEL = {1: 7, 2: 7, 3: 5}  # of a stem that strides, by axes


class ResNet(Family):
    """Residual blocks of two 3x3 convolutions, in stages that halve the map."""

    name = "ResNet"
    room = 64

    def sizes(self) -> Sequence[Size]:
        small = [Size(16, 1), Size(16, 2), Size(16, 3)]
        widths = (*range(24, 65, 8), *range(80, 129, 16))
        return [*small, *(Size(width, 2 + (width > 64)) for width in widths)]

    @property
    def usual(self) -> Size:
        """That of ResNet-18, or of ResNet-20 for small pictures."""
        if self.data.kind == "image":
            return Size(64, 2) if max(self.data.spatial) > SMALL_PICTURE else Size(16, 3)
        return Size(16, 2)

    def tower(self, size: Size) -> Tower:
        steps = pyramid(self.data.spatial, self.room)
        lines = [
            f"let stem = x -> {entry(self.data, size.width)}{stem(steps, self.data, size.width)}"
        ]
        before = "stem"
        for number, width in enumerate(steps.widths(size.width), 1):
            blocks = self._stage(width, size.depth, halve=number > 1)
            lines.append(f"let stage{number} = {before} -> {blocks}")
            before = f"stage{number}"
        return Tower(tuple(lines), f"{before} -> global_avg_pool")

    def _stage(self, width: int, depth: int, halve: bool) -> str:
        block = f"resnet_basic({width})"
        if not halve:
            return _times(depth, block)
        first = f"resnet_basic({width}, stride=2)"
        return first if depth == 1 else f"{first} -> {_times(depth - 1, block)}"

    def why(self) -> str:
        return (
            f"{'an image' if self.data.kind == 'image' else 'a volume'} is a grid: convolutions "
            "look at neighbours and share their weights over all positions (P101); residual blocks "
            "let the depth train (P301; He et al. 2015, arXiv:1512.03385)"
        )

    def shape(self, size: Size) -> str:
        return f"first width {size.width}, {size.depth} block{'s' * (size.depth > 1)} a stage"


class TemporalResNet(ResNet):
    """The same along a sequence."""

    name = "TemporalResNet"
    room = LONG

    def sizes(self) -> Sequence[Size]:
        return [Size(8, 1), Size(8, 2), *super().sizes()]

    @property
    def usual(self) -> Size:
        return Size(32, 2)

    def why(self) -> str:
        return why_in_time(self.data)


def entry(data: Description, width: int) -> str:
    """Token ids become vectors before anything else."""
    return f"embedding({width}) -> " if data.kind == "tokens" else ""


def stem(steps: Pyramid, data: Description, width: int) -> str:
    """The first convolution, and what shortens a large input at once."""
    axes = len(data.spatial)
    if steps.stride == 1:
        first = f"conv({width}, 3, bias=false)"
    else:
        kernel = max(KERNEL[axes] if steps.pool > 1 or axes == 1 else 3, 2 * steps.stride - 1)
        first = f"conv({width}, {kernel}, stride={steps.stride}, bias=false)"
    return f"{first} -> batch_norm -> relu{pooling(steps)}"


def pooling(steps: Pyramid) -> str:
    return f" -> max_pool({steps.pool + 1}, stride={steps.pool})" if steps.pool > 1 else ""


def _times(count: int, layer: str) -> str:
    return layer if count == 1 else f"{count} * {layer}"


def why_in_time(data: Description) -> str:
    """Why convolutions along a sequence."""
    if data["length"] < FEW_STEPS:
        return (
            f"{data.samples:,} series are few, and a few convolutions along them, averaged over "
            "time, are hard to beat (Wang et al. 2017, arXiv:1611.06455)"
        )
    little = data.units < ATTENTION_SAMPLES
    why = (
        "are too few to learn attention from (P107)" if little else "leave attention no room (P501)"
    )
    return (
        f"{data['length']:,} steps are too many for recurrence (P105), and {data.samples:,} "
        f"samples {why}; convolutions along the sequence need neither, and stages that shorten it "
        "see far"
    )
