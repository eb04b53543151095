"""``max_pool`` is PyTorch's, on images, volumes and sequences."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.pooling.max_pool import MaxPool
from archdsl.types import Grid, Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses

CASES = [
    (MaxPool(3, stride=2), Image(3, 9, 11)),
    (MaxPool(2), Image(3, 7, 6)),
    (MaxPool(3, stride=2, padding=0, ceil=True), Image(2, 8, 13)),
    (MaxPool(2, stride=3, ceil=True, padding=1), Image(2, 6, 8)),
    (MaxPool((1, 3), stride=(1, 2)), Image(2, 5, 9)),
    (MaxPool(3, stride=1), Sequence(9, 4)),
    (MaxPool(2), Volume(2, 4, 5, 6)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_it_does_what_it_foretold(op: MaxPool, x: Grid) -> None:
    agrees(op, x)


def test_it_computes_what_the_function_computes() -> None:
    agrees(MaxPool(3, stride=2), Image(3, 9, 8), reference=lambda x: F.max_pool2d(x, 3, 2, 1))
    agrees(MaxPool(2), Sequence(8, 3), reference=lambda x: F.max_pool1d(x.mT, 2).mT)


def test_a_last_window_that_starts_in_the_right_padding_is_left_out() -> None:
    for size in range(2, 14):
        agrees(MaxPool(2, stride=3, padding=1, ceil=True), Image(1, size, size), batches=(1,))


def test_it_is_spelled_without_defaults() -> None:
    assert module(MaxPool(2), Image(3, 8, 8)) == "nn.MaxPool2d(2)"
    assert module(MaxPool(3, stride=2), Image(3, 8, 8)) == "nn.MaxPool2d(3, stride=2, padding=1)"


def test_a_window_larger_than_the_input_is_refused() -> None:
    words = "kernel 2 does not fit a 1×1 map"
    refuses(MaxPool(2), Image(3, 1, 1), words=words, argument="kernel")


def test_padding_beyond_half_of_the_kernel_is_refused() -> None:
    words = "padding 2 is more than half of kernel 3"
    refuses(MaxPool(3, padding=2), Image(3, 8, 8), words=words, replacement="1")


def test_vectors_are_refused() -> None:
    error = refuses(MaxPool(2), Vector(9), words="max_pool cannot take a vector (9)")
    assert error.needed == "an image, a volume or a sequence"
