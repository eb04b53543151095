"""``bilinear`` is PyTorch's, on the last axis of two branches."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.dense.bilinear import Bilinear
from archdsl.types import Image, Nodes, Sequence, TensorType, Vector
from tests.ops.against_torch import agrees, module, refuses

CASES = [
    (Vector(9), Vector(4)),
    (Sequence(7, 6), Sequence(7, 2)),
    (Nodes(11, 4, 20), Nodes(11, 3, 20)),
]


@pytest.mark.parametrize(("a", "b"), CASES)
@pytest.mark.parametrize("op", [Bilinear(5), Bilinear(1, bias=False)])
def test_it_does_what_it_foretold(op: Bilinear, a: TensorType, b: TensorType) -> None:
    agrees(op, a, b, counted=False)


def test_a_position_takes_a_product_for_each_weight() -> None:
    assert Bilinear(5).macs(Sequence(7, 6), Sequence(7, 2)) == 7 * 6 * 2 * 5


def test_it_computes_what_the_function_computes() -> None:
    agrees(
        Bilinear(5),
        Vector(9),
        Vector(4),
        counted=False,
        reference=lambda m, a, b: F.bilinear(a, b, m.weight, m.bias),
    )
    assert module(Bilinear(5), Vector(9), Vector(4)) == "nn.Bilinear(9, 4, 5)"


def test_branches_may_differ_in_features_only() -> None:
    words = "bilinear cannot bring a 7×6 sequence and an 8×6 sequence together"
    refuses(Bilinear(5), Sequence(7, 6), Sequence(8, 6), words=words)
    refuses(
        Bilinear(5), Sequence(7, 6), Vector(6), words="a 7×6 sequence and a vector of 6 together"
    )


def test_images_are_refused() -> None:
    words = "bilinear cannot take an image (3×4×4)"
    refuses(Bilinear(5), Image(3, 4, 4), Image(3, 4, 4), words=words)
