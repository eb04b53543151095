from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.description import SMALL_PICTURE
from archdsl.starting.device import device_of
from archdsl.starting.families import Family, Size, Tower
from archdsl.starting.families.resnet import LONG, entry, pooling, why_in_time
from archdsl.starting.pyramid import GROWTH, MOST, SMALLEST, Pyramid, pyramid, seeing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.starting.description import Description

SHRUNK = 32  # positions along a side that little data can be read at
SMALL = Pyramid(stride=1, pool=1, halvings=3)  # over so many, each stage with the least kernel
GROWTH_OF_SMALL = 2
STRIDE, STAGES = 4, 3  # of separable convolutions along a sequence
LEAST_SIDE = 8  # positions of a shorter side that are worth reading
TINY = 8  # positions along a side of a picture in which places tell something: one that was cut out

GRIDS = {"image": "an image", "volume": "a volume"}


class SeparableCnn(Family):
    """Depthwise separable convolutions: the smallest network that still sees neighbours."""

    name = "SeparableCnn"
    lr = "0.003"
    room = 64
    growth = GROWTH

    @property
    def usual(self) -> Size:
        return Size(32)

    def sizes(self) -> Sequence[Size]:
        usual = [Size(width) for width in (8, 16, 24, 32)]
        shrunk = _shrunk(self.data)
        return usual if shrunk == 1 else [Size(8, side=shrunk), *usual]

    def tower(self, size: Size) -> Tower:
        steps = self._steps(size)
        small = f"avg_pool({size.side}) -> " if size.side > 1 else ""
        first = f"{small}{self._stem(size.width, steps.stride)}{pooling(steps)}"
        lines = [f"let stem = x -> {entry(self.data, size.width)}{first}"]
        before = "stem"
        growth = self.growth if size.side == 1 else GROWTH_OF_SMALL
        kernel = seeing(steps, max(self.data.spatial) // size.side)
        for number, width in enumerate(steps.widths(size.width, growth)[1:], 1):
            stage = self._stage(width, size.depth, kernel)
            lines.append(f"let stage{number} = {before} -> {stage}")
            before = f"stage{number}"
        return Tower(tuple(lines), f"{before} -> {self._pooled()}")

    def _pooled(self) -> str:
        """The last map as one vector: its mean, of tiny pictures that of each quarter."""
        sides = self.data.spatial
        tiny = self.data.kind == "image" and TINY // 2 <= min(sides) <= max(sides) <= TINY
        return "adaptive_avg_pool(2) -> flatten" if tiny else "global_avg_pool"

    def _steps(self, size: Size) -> Pyramid:
        return SMALL if size.side > 1 else pyramid(self.data.spatial, self.room)

    def _stem(self, width: int, stride: int) -> str:
        halved = f", stride={stride}" if stride > 1 else ""
        device = device_of(self.data)
        cheap = device is not None and device.edge  # a dense stem would be most of the work (P604)
        return f"{'depthwise_separable' if cheap else 'conv_bn_act'}({width}{halved})"

    def _stage(self, width: int, depth: int, kernel: int) -> str:
        wide = f", kernel={kernel}" if kernel > 3 else ""
        return f"depthwise_separable({width}{wide}, stride=2)"

    def why(self) -> str:
        return (
            f"{self.data.samples:,} samples do not feed a residual network; a few depthwise "
            "separable convolutions (Howard et al. 2017, arXiv:1704.04861) see neighbours at about "
            f"{self._saved} of the parameters"
        )

    @property
    def _saved(self) -> str:
        return "a ninth" if len(self.data.spatial) == 2 else "a 27th"

    def shape(self, size: Size) -> str:
        shrunk = f", every {size.side} positions made one" if size.side > 1 else ""
        return f"first width {size.width}{shrunk}"


class Cnn(SeparableCnn):
    """Plain convolutions in stages that halve the map, for a few thousand samples."""

    name = "Cnn"
    weight_decay = "0.05"
    growth = 4

    @property
    def usual(self) -> Size:
        return Size(16, 2)

    def sizes(self) -> Sequence[Size]:
        return [Size(width, depth) for width in (8, 16, 24, 32) for depth in (1, 2)]

    def _stage(self, width: int, depth: int, kernel: int) -> str:
        times = "2 * " if depth > 1 else ""
        return f"conv_bn_act({width}, stride=2) -> {times}conv_bn_act({width})"

    def why(self) -> str:
        return (
            f"{GRIDS[self.data.kind]} is a grid: convolutions look at neighbours and share their "
            f"weights over all positions (P101); {self.data.samples:,} samples feed a few of them, "
            "no residual network"
        )


class MobileNet(SeparableCnn):
    """Inverted residual blocks between separable convolutions that halve the map."""

    name = "MobileNet"
    lr = "0.001"

    @property
    def usual(self) -> Size:
        return Size(32, 3) if max(self.data.spatial) > SMALL_PICTURE else Size(16, 2)

    def sizes(self) -> Sequence[Size]:
        return [Size(width, 1 + (width >= 16) + (width >= 32)) for width in range(8, 65, 8)]

    def _stage(self, width: int, depth: int, kernel: int) -> str:
        blocks = f"inverted_residual({width}, expand=4)"
        times = f"{depth} * " if depth > 1 else ""
        return f"depthwise_separable({width}, stride=2) -> {times}{blocks}"

    def why(self) -> str:
        return (
            f"{GRIDS[self.data.kind]} is a grid, so convolutions (P101); on {self.data.device} "
            "dense 3x3 convolutions would take most of the time (P604), so depthwise separable "
            "ones and inverted residuals (MobileNetV2, Sandler et al. 2018, arXiv:1801.04381)"
        )

    def shape(self, size: Size) -> str:
        return f"first width {size.width}, {size.depth} block{'s' * (size.depth > 1)} a stage"


class TemporalCnn(SeparableCnn):
    """Plain convolutions along a sequence, where three weights make a kernel."""

    name = "TemporalCnn"
    room = LONG
    growth = 4

    def _stem(self, width: int, stride: int) -> str:
        widest = 2 * stride - 1
        kernel = max(7, widest if stride > MOST else min(widest, MOST))
        return f"conv_bn_act({width}, {kernel}{f', stride={stride}' if stride > 1 else ''})"

    def _stage(self, width: int, depth: int, kernel: int) -> str:
        return f"conv_bn_act({width}, stride=2)"

    def why(self) -> str:
        return why_in_time(self.data)


# The library's block is for pictures: a sequence has features, not channels.
BLOCK = """\
# A convolution along a sequence in two cheap halves: one per feature, then one across features.
block separable_in_time(width, kernel=7, stride=1) {
  let filtered = conv_bn_act(x.features, kernel, stride=stride, groups=x.features)
  return filtered -> conv_bn_act(width, 1)
}
"""


class SeparableTemporalCnn(SeparableCnn):
    """Depthwise separable convolutions along a sequence: for little data, and for phones."""

    name = "SeparableTemporalCnn"
    room = LONG
    growth = 4

    def blocks(self, size: Size) -> str:
        return BLOCK

    def _steps(self, size: Size) -> Pyramid:
        """Few stages, each of which shortens by four: little depth without skips, and sees far."""
        steps = super()._steps(size)
        rest = self.data["length"] // (steps.stride * steps.pool)
        stages = 1
        while rest > SMALLEST * STRIDE**stages and stages < STAGES:
            stages += 1
        return steps._replace(halvings=stages)

    def _stem(self, width: int, stride: int) -> str:
        kernel = max(7, 2 * stride - 1)
        options = f"{', kernel=' + str(kernel) if kernel > 7 else ''}"
        return f"separable_in_time({width}{options}{f', stride={stride}' if stride > 1 else ''})"

    def _stage(self, width: int, depth: int, kernel: int) -> str:
        return f"separable_in_time({width}, stride={STRIDE})"

    def why(self) -> str:
        return (
            f"{why_in_time(self.data)}; depthwise separable ones (Howard et al. 2017, "
            "arXiv:1704.04861) take the fewest parameters and multiply-adds"
        )


def _shrunk(data: Description) -> int:
    """How many positions to make one, for a sample of no more than SHRUNK along its longest side.

    1 where it is small already, or would lose all of its shorter sides.
    """
    factor = 1
    while max(data.spatial) > SHRUNK * factor:
        factor *= 2
    tall = min(data.spatial) // factor >= LEAST_SIDE
    return factor if data.is_grid and max(data.spatial) > SMALL_PICTURE and tall else 1
