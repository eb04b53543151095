"""``subtract``, ``divide``, ``maximum`` and ``minimum`` bring two branches together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from archdsl.ops.base import Op, Trait
from archdsl.ops.merge.divide import Divide
from archdsl.ops.merge.maximum import Maximum
from archdsl.ops.merge.minimum import Minimum
from archdsl.ops.merge.subtract import Subtract
from archdsl.types import Image, Nodes, Sequence, TensorType, Tokens, Vector, Volume
from tests.ops.against_torch import agrees, refuses
from tests.ops.emitted import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

REFERENCES: list[tuple[type[Op], Callable[..., torch.Tensor]]] = [
    (Subtract, torch.sub),
    (Divide, torch.div),
    (Maximum, torch.maximum),
    (Minimum, torch.minimum),
]
ALIKE = [Vector(9), Image(3, 5, 7), Volume(2, 3, 2, 2), Sequence(7, 4), Nodes(7, 4, 9)]
STRETCHED: list[tuple[TensorType, TensorType]] = [
    (Image(3, 5, 7), Vector(3)),
    (Vector(3), Image(3, 5, 7)),
    (Image(3, 1, 1), Image(1, 5, 7)),
    (Volume(3, 2, 3, 4), Vector(3)),
    (Sequence(7, 4), Vector(4)),
    (Sequence(7, 1), Sequence(7, 4)),
    (Nodes(7, 4, 9), Nodes(7, 1, 9)),
]


@pytest.mark.parametrize(("kind", "reference"), REFERENCES)
@pytest.mark.parametrize("x", ALIKE)
def test_it_computes_what_pytorch_does(kind, reference, x) -> None:
    agrees(kind(), x, x, reference=reference)


@pytest.mark.parametrize(("kind", "reference"), REFERENCES)
@pytest.mark.parametrize("types", STRETCHED)
def test_one_stretches_to_the_other(kind, reference, types) -> None:
    agrees(kind(), *types)


@pytest.mark.parametrize(("kind", "reference"), REFERENCES)
def test_a_vector_meets_the_channels_of_an_image(kind, reference) -> None:
    def stretched(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return reference(a, b.reshape(-1, 3, 1, 1))

    agrees(kind(), Image(3, 5, 7), Vector(3), reference=stretched)


@pytest.mark.parametrize(("kind", "reference"), REFERENCES)
def test_what_does_not_stretch_is_refused(kind, reference) -> None:
    word = kind.word()
    words = f"{word} cannot bring a 64×7×7 image and a vector of 32 together"
    refuses(kind(), Image(64, 7, 7), Vector(32), words=words)
    refuses(kind(), Tokens(4, 9), Tokens(4, 9), words=f"{word} cannot take token ids (4)")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("subtract(x, subtract(relu, x))", "x - (F.relu(x) - x)"),
        ("subtract(subtract(x, relu), x)", "x - F.relu(x) - x"),
        ("subtract(x, add(relu, x))", "x - (F.relu(x) + x)"),
        ("divide(x, mul(relu, x))", "x / (F.relu(x) * x)"),
        ("subtract(x, mul(relu, x))", "x - F.relu(x) * x"),
        ("divide(subtract(x, relu), x)", "(x - F.relu(x)) / x"),
    ],
)
def test_operators_are_bracketed_where_order_counts(text: str, written: str) -> None:
    assert written in text_of(text, "table(8)")


def test_a_product_of_vectors_is_bracketed_before_it_is_stretched() -> None:
    text = text_of("mul(mul(global_avg_pool, global_max_pool), x)", "image(8, 6, 6)")
    assert "(x.mean(dim=(2, 3)) * x.amax(dim=(2, 3)))[..., None, None] * x" in text


def test_a_difference_is_affine_and_a_quotient_is_not() -> None:
    assert Subtract().is_affine()
    assert not any(kind().is_affine() for kind in (Divide, Maximum, Minimum))
    assert Trait.GATED in Divide.traits
