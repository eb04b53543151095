"""``deform_conv`` reads between pixels, where offsets lead it."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from archdsl.ops.convolution.deform_conv import DeformConv
from archdsl.types import Image, Sequence
from tests.ops.against_torch import Built, agrees, module, refuses

CASES = [
    (DeformConv(8, 3), Image(3, 9, 7)),
    (DeformConv(6, 3, stride=2, groups=2, bias=False), Image(4, 8, 9)),
    (DeformConv(4, (1, 3), dilation=2, padding=(0, 1)), Image(2, 5, 9)),
    (DeformConv(4, 1), Image(2, 1, 1)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_it_does_what_it_foretold(op: DeformConv, x: Image) -> None:
    agrees(op, x)


def between(image: torch.Tensor, row: float, column: float) -> torch.Tensor:
    """The channels of an image between pixels, 0 beyond its borders."""
    found = torch.zeros(image.shape[0])
    for r in (math.floor(row), math.floor(row) + 1):
        for c in (math.floor(column), math.floor(column) + 1):
            if 0 <= r < image.shape[1] and 0 <= c < image.shape[2]:
                found += (1 - abs(row - r)) * (1 - abs(column - c)) * image[:, r, c]
    return found


def step_by_step(m: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """As the paper has it (equation 1), number by number."""
    told = m.offset(x)
    high, wide = m.kernel_size
    moved, mask = told[:, : 2 * high * wide], told[:, 2 * high * wide :].sigmoid()
    found = m.bias[None, :, None, None].repeat(len(x), 1, *told.shape[2:])
    group = m.out_channels // m.groups
    for n, k, i, j in torch.cartesian_prod(*map(torch.arange, mask.shape)).tolist():
        row = i * m.stride[0] - m.padding[0] + k // wide * m.dilation[0] + moved[n, 2 * k, i, j]
        column = j * m.stride[1] - m.padding[1] + k % wide * m.dilation[1]
        column = column + moved[n, 2 * k + 1, i, j]
        read = mask[n, k, i, j] * between(x[n], float(row), float(column))
        for out in range(m.out_channels):
            taken = read.chunk(m.groups)[out // group]
            found[n, out, i, j] += m.weight[out, :, k // wide, k % wide] @ taken
    return found


@pytest.mark.parametrize(
    ("op", "x"),
    [
        (DeformConv(4, 3, stride=2, groups=2), Image(4, 5, 6)),
        (DeformConv(2, (3, 2), dilation=2, padding=(1, 2)), Image(2, 6, 5)),
    ],
)
def test_it_is_what_the_paper_writes(op: DeformConv, x: Image) -> None:
    m = Built(op, x).module
    assert m is not None
    nn.init.normal_(m.offset.weight, std=0.2)
    nn.init.normal_(m.offset.bias)
    with torch.no_grad():
        given = torch.randn(2, x.channels, x.height, x.width)
        torch.testing.assert_close(m(given), step_by_step(m, given), rtol=1e-4, atol=1e-5)


def test_it_begins_as_a_convolution_times_a_half() -> None:
    agrees(
        DeformConv(8, 3, stride=2, bias=False),
        Image(3, 9, 8),
        reference=lambda m, x: F.conv2d(x, m.weight, stride=2, padding=1) / 2,
    )


def test_it_is_spelled_without_defaults() -> None:
    spelled = module(DeformConv(64, 3, stride=2), Image(3, 9, 9))
    assert spelled == "DeformConv2d(3, 64, kernel_size=3, stride=2, padding=1)"


def test_what_conv_refuses_is_refused_and_sequences() -> None:
    refuses(DeformConv(8, 3), Sequence(9, 4), words="deform_conv cannot take a sequence (9×4)")
    words = "groups=3 does not divide 64 channels; 2 or 4 do"
    refuses(DeformConv(64, 3, groups=3), Image(64, 8, 8), words=words, argument="groups")
    words = "deform_conv pads alike on both sides"
    refuses(DeformConv(8, 3, padding="same"), Image(3, 9, 9), words=words, argument="padding")
