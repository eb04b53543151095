"""Windows and pads are refused exactly where PyTorch refuses them, whatever the axes."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import torch

import archdsl
from archdsl.ops.base import OpError
from archdsl.ops.convolution.conv import Conv
from archdsl.ops.convolution.conv_transpose import ConvTranspose
from archdsl.ops.plumbing.pad import Pad
from archdsl.ops.pooling.avg_pool import AvgPool
from archdsl.ops.pooling.max_pool import MaxPool
from archdsl.types import Grid, Image, Sequence, Volume, shape
from tests.ops.against_torch import Built

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.ops.base import Op

MODES = ("zeros", "reflect", "replicate", "circular")


class Draw:
    """Small grids and extents, one number or one for each axis."""

    def __init__(self, seed: int, axes: int) -> None:
        self.random = Random(seed)
        self.axes = axes

    def grid(self) -> Grid:
        sizes = [self.random.randint(1, 5) for _ in range(self.axes)]
        if len(sizes) == 1:
            return Sequence(sizes[0], 2)
        return Image(2, *sizes) if len(sizes) == 2 else Volume(2, *sizes)

    def extent(self, least: int, most: int) -> Any:
        if self.random.random() < 0.5:
            return self.random.randint(least, most)
        return tuple(self.random.randint(least, most) for _ in range(self.axes))

    def maybe(self, least: int, most: int) -> Any:
        return None if self.random.random() < 0.5 else self.extent(least, most)

    def pool(self, kind: type[AvgPool | MaxPool]) -> Op:
        ceil = self.random.random() < 0.4
        return kind(self.extent(1, 5), self.maybe(1, 3), self.maybe(0, 3), ceil)

    def conv(self) -> Op:
        sizes = self.extent(1, 3), self.maybe(0, 3), self.extent(1, 2)
        return Conv(3, self.extent(1, 5), *sizes)

    def conv_transpose(self) -> Op:
        sizes = self.extent(1, 3), self.maybe(0, 2), self.extent(0, 2)
        return ConvTranspose(3, self.extent(1, 5), *sizes)

    def pad(self) -> Op:
        return Pad(self.extent(0, 6), self.maybe(0, 6), self.random.choice(MODES))


OPS: dict[str, Callable[[Draw], Op]] = {
    "avg_pool": lambda draw: draw.pool(AvgPool),
    "max_pool": lambda draw: draw.pool(MaxPool),
    "conv": Draw.conv,
    "conv_transpose": Draw.conv_transpose,
    "pad": Draw.pad,
}


def foretold(op: Op, x: Grid) -> tuple[int, ...] | None:
    try:
        return shape(op.infer(x))
    except OpError:
        return None


def given(op: Op, x: Grid) -> tuple[int, ...] | None:
    """What PyTorch gives with its plainest kernels, going back too; None where it raises, or gives
    nothing at all."""
    try:
        built = Built(op, x)
        tensors = built.tensors(2)
        with torch.backends.mkldnn.flags(enabled=False):  # oneDNN crashes on some tiny inputs
            result = built.run(*tensors)
            result.sum().backward()
    except (RuntimeError, ValueError, OpError):
        return None
    assert result.isfinite().all()
    return tuple(result.shape[1:]) if result.numel() else None


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("word", OPS)
def test_an_op_is_refused_exactly_where_pytorch_refuses_it(word: str, axes: int) -> None:
    torch.manual_seed(0)
    draw = Draw(axes, axes)
    refused = 0
    for _ in range(300):
        op, x = OPS[word](draw), draw.grid()
        told = foretold(op, x)
        assert told == given(op, x), (op, x)
        refused += told is None
    assert 0 < refused < 300


def test_a_mean_over_a_padded_volume_is_offered_in_two_steps() -> None:
    text = "arch A {{ data volume(1, 2, 8, 8) task classify(2) "
    text += "model = {} -> global_avg_pool -> linear(classes) }}"
    (finding,) = archdsl.check(text.format("avg_pool(3, stride=1)")).diagnostics
    assert "kernel 3 is larger than the volume of 2×8×8" in finding.message
    offered = finding.help.removeprefix("write `").removesuffix("`")
    assert offered == "pad(1) -> avg_pool(3, stride=1, padding=0)"
    assert archdsl.check(text.format(offered)).ok


@pytest.mark.parametrize(
    "op",
    [AvgPool(3, padding=0), AvgPool(3, 1, count_include_pad=False), AvgPool(5, 2, 1, ceil=True)],
)
def test_nothing_is_offered_where_two_steps_would_not_do_the_same(op: AvgPool) -> None:
    x = Volume(1, 2, 8, 8)
    with pytest.raises(OpError) as refused:
        op.infer(x)
    assert "write" not in refused.value.help
