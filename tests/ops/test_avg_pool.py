"""``avg_pool`` is PyTorch's, on images, volumes and sequences."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.pooling.avg_pool import AvgPool
from archdsl.types import Grid, Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses

CASES = [
    (AvgPool(3, stride=1), Image(3, 9, 11)),
    (AvgPool(2), Image(3, 7, 6)),
    (AvgPool(3, stride=2, ceil=True, count_include_pad=False), Image(2, 8, 13)),
    (AvgPool((1, 3), stride=(1, 2)), Image(2, 5, 9)),
    (AvgPool(3, stride=2), Sequence(9, 4)),
    (AvgPool(2), Volume(2, 4, 5, 6)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_it_does_what_it_foretold(op: AvgPool, x: Grid) -> None:
    agrees(op, x)


def test_padded_zeros_count_unless_told_otherwise() -> None:
    agrees(AvgPool(3, stride=1), Image(3, 5, 5), reference=lambda x: F.avg_pool2d(x, 3, 1, 1))
    agrees(
        AvgPool(3, stride=1, count_include_pad=False),
        Image(3, 5, 5),
        reference=lambda x: F.avg_pool2d(x, 3, 1, 1, count_include_pad=False),
    )


def test_it_is_spelled_without_defaults() -> None:
    assert module(AvgPool(2), Image(3, 8, 8)) == "nn.AvgPool2d(2)"
    spelled = module(AvgPool(3, stride=1, count_include_pad=False), Image(3, 8, 8))
    assert spelled == "nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)"


def test_a_window_larger_than_the_input_is_refused() -> None:
    words = "kernel 8 does not fit a 7×7 map"
    refuses(AvgPool(8, padding=0), Image(3, 7, 7), words=words, argument="kernel")


def test_padding_beyond_half_of_the_kernel_is_refused() -> None:
    words = "padding 2 is more than half of kernel 2"
    refuses(AvgPool(2, padding=2), Image(3, 8, 8), words=words, argument="padding")


def test_vectors_are_refused() -> None:
    refuses(AvgPool(2), Vector(9), words="avg_pool cannot take a vector (9)")
