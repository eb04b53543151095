"""``mul`` multiplies branches, and gates by fewer numbers."""

from __future__ import annotations

import pytest

from archdsl.ops.merge.mul import Mul
from archdsl.types import Image, Nodes, Sequence, TensorType, Tokens, Vector, Volume
from tests.ops.against_torch import agrees, refuses

CASES = [
    (Vector(9), Vector(9)),
    (Vector(9), Vector(9), Vector(1), Vector(9)),
    (Image(3, 5, 7), Image(3, 5, 7), Image(3, 5, 7)),
    (Image(3, 5, 7), Vector(3)),
    (Vector(3), Image(3, 5, 7)),
    (Image(3, 1, 1), Image(3, 5, 7)),
    (Image(3, 5, 7), Vector(3), Image(1, 5, 7)),
    (Image(3, 1, 1), Image(1, 5, 7)),
    (Volume(3, 2, 3, 4), Vector(3)),
    (Sequence(7, 4), Vector(4)),
    (Sequence(7, 4), Sequence(7, 1)),
    (Nodes(7, 4, 9), Nodes(7, 1, 9)),
]


@pytest.mark.parametrize("types", CASES)
def test_it_does_what_it_foretold(types: tuple[TensorType, ...]) -> None:
    agrees(Mul(), *types)


def test_a_vector_gates_the_channels_of_an_image() -> None:
    types = Image(3, 5, 7), Vector(3)
    assert Mul().infer(*types) == Image(3, 5, 7)
    assert Mul().spelling(*types).function == "{0} * {1}[..., None, None]"
    agrees(Mul(), *types, reference=lambda a, b: a * b.reshape(-1, 3, 1, 1))


def test_shapes_that_do_not_stretch_are_refused() -> None:
    words = "mul cannot bring a 64×7×7 image and a vector of 32 together"
    error = refuses(Mul(), Image(64, 7, 7), Vector(32), words=words)
    assert error.needed.endswith("or a vector of 64 as a gate of a 64×7×7 image")
    error = refuses(Mul(), Image(64, 7, 7), Image(32, 7, 7), words="cannot bring")
    assert error.help == "conv(32, 1) brings a 64×7×7 image to a 32×7×7 image"
    refuses(Mul(), Nodes(7, 4, 9), Vector(4), words="7×4 nodes and a vector of 4 together")
    refuses(
        Mul(), Sequence(7, 4), Image(4, 7, 7), words="a 7×4 sequence and a 4×7×7 image together"
    )


def test_token_ids_are_refused() -> None:
    refuses(Mul(), Tokens(4, 9), Tokens(4, 9), words="mul cannot take token ids (4)")
