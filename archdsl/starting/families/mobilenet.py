from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.device import device_of
from archdsl.starting.families import Family, Size, body
from archdsl.starting.families.resnet import LONG, entry, pooling, why_in_time
from archdsl.starting.pyramid import Pyramid, pyramid, seeing

if TYPE_CHECKING:
    from collections.abc import Sequence


class SeparableCnn(Family):
    """Depthwise separable convolutions: the smallest network that still sees neighbours."""

    name = "SeparableCnn"
    room = 64

    def sizes(self) -> Sequence[Size]:
        return [Size(width) for width in (8, 16, 24, 32)]

    def model(self, size: Size) -> str:
        steps = pyramid(self.data.spatial, self.room)
        first = f"{self._stem(size.width, steps.stride)}{pooling(steps)}"
        lines = [f"let stem = x -> {entry(self.data, size.width)}{first}"]
        before = "stem"
        for number, width in enumerate(steps.widths(size.width)[1:], 1):
            stage = self._stage(width, size.depth, steps)
            lines.append(f"let stage{number} = {before} -> {stage}")
            before = f"stage{number}"
        lines.append(f"return {before} -> global_avg_pool -> linear({self.data.classes})")
        return body(*lines)

    def _stem(self, width: int, stride: int) -> str:
        halved = f", stride={stride}" if stride > 1 else ""
        device = device_of(self.data)
        cheap = device is not None and device.edge  # a dense stem would be most of the work (P604)
        return f"{'depthwise_separable' if cheap else 'conv_bn_act'}({width}{halved})"

    def _stage(self, width: int, depth: int, steps: Pyramid) -> str:
        kernel = seeing(steps, max(self.data.spatial))
        wide = f", kernel={kernel}" if kernel > 3 else ""
        return f"depthwise_separable({width}{wide}, stride=2)"

    def why(self) -> str:
        return (
            f"{self.data.samples:,} samples do not feed a residual network; a few depthwise "
            "separable convolutions (Howard et al. 2017, arXiv:1704.04861) see neighbours at a "
            "ninth of the parameters"
        )

    def shape(self, size: Size) -> str:
        return f"first width {size.width}"


class MobileNet(SeparableCnn):
    """Inverted residual blocks between separable convolutions that halve the map."""

    name = "MobileNet"

    def sizes(self) -> Sequence[Size]:
        return [Size(width, 1 + (width >= 16) + (width >= 32)) for width in range(8, 65, 8)]

    def _stage(self, width: int, depth: int, steps: Pyramid) -> str:
        blocks = f"inverted_residual({width}, expand=4)"
        times = f"{depth} * " if depth > 1 else ""
        return f"depthwise_separable({width}, stride=2) -> {times}{blocks}"

    def why(self) -> str:
        return (
            f"an {self.data.kind} is a grid, so convolutions (P101); on {self.data.device} dense "
            "3x3 convolutions would take most of the time (P604), so depthwise separable ones and "
            "inverted residuals (MobileNetV2, Sandler et al. 2018, arXiv:1801.04381)"
        ).replace("an volume", "a volume")

    def shape(self, size: Size) -> str:
        return f"first width {size.width}, {size.depth} block{'s' * (size.depth > 1)} a stage"


class TemporalCnn(SeparableCnn):
    """Plain convolutions along a sequence, where three weights make a kernel."""

    name = "TemporalCnn"
    room = LONG

    def _stem(self, width: int, stride: int) -> str:
        kernel = max(7, 2 * stride - 1)
        return f"conv_bn_act({width}, {kernel}{f', stride={stride}' if stride > 1 else ''})"

    def _stage(self, width: int, depth: int, steps: Pyramid) -> str:
        return f"conv_bn_act({width}, stride=2)"

    def why(self) -> str:
        return why_in_time(self.data)
