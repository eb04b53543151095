"""``adaptive_avg_pool`` gives a map of the size asked for."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.pooling.adaptive_avg_pool import AdaptiveAvgPool
from archdsl.types import Grid, Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses

CASES = [
    (AdaptiveAvgPool(7), Image(3, 9, 11)),
    (AdaptiveAvgPool(1), Image(3, 9, 11)),
    (AdaptiveAvgPool((1, 4)), Image(2, 3, 3)),
    (AdaptiveAvgPool(4), Sequence(9, 5)),
    (AdaptiveAvgPool(1), Sequence(9, 5)),
    (AdaptiveAvgPool(2), Volume(2, 4, 5, 6)),
    (AdaptiveAvgPool(1), Volume(2, 4, 5, 6)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_it_does_what_it_foretold(op: AdaptiveAvgPool, x: Grid) -> None:
    agrees(op, x)


def test_it_computes_what_the_function_computes() -> None:
    agrees(
        AdaptiveAvgPool(3),
        Image(3, 7, 8),
        reference=lambda x: F.adaptive_avg_pool2d(x, 3),
    )
    assert module(AdaptiveAvgPool(7), Image(3, 8, 8)) == "nn.AdaptiveAvgPool2d(7)"


def test_a_size_has_as_many_numbers_as_the_input_has_axes() -> None:
    words = "size=size(2, 2) has 2 sizes where there is 1 axis"
    refuses(AdaptiveAvgPool((2, 2)), Sequence(9, 4), words=words, argument="size")


def test_vectors_are_refused() -> None:
    words = "adaptive_avg_pool cannot take a vector (9)"
    refuses(AdaptiveAvgPool(2), Vector(9), words=words)
