"""``add`` sums branches of one shape."""

from __future__ import annotations

import pytest

from archdsl.ops.merge.add import Add
from archdsl.types import Image, Nodes, Sequence, TensorType, Tokens, Vector, Volume
from tests.ops.against_torch import agrees, refuses


@pytest.mark.parametrize("x", [Vector(9), Image(3, 5, 7), Sequence(7, 4)])
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Add(), x, x, reference=lambda a, b: a + b)
    agrees(Add(), x, x, x, reference=lambda a, b, c: a + b + c)


def test_unequal_shapes_are_refused_with_the_layer_that_helps() -> None:
    words = "add cannot bring a 64×56×56 image and a 128×28×28 image together"
    error = refuses(Add(), Image(64, 56, 56), Image(128, 28, 28), words=words)
    assert error.needed == "inputs of one and the same shape"
    assert error.help == "conv(128, 1, stride=2) brings a 64×56×56 image to a 128×28×28 image"


def test_the_larger_one_is_shrunk_whichever_comes_first() -> None:
    error = refuses(Add(), Image(128, 28, 28), Image(64, 55, 55), words="cannot bring")
    assert error.help == "conv(128, 1, stride=2) brings a 64×55×55 image to a 128×28×28 image"
    error = refuses(Add(), Vector(8), Vector(16), words="a vector of 8 and a vector of 16")
    assert error.help == "linear(16) brings a vector of 8 to a vector of 16"
    error = refuses(Add(), Sequence(8, 4), Sequence(8, 6), words="cannot bring")
    assert error.help == "linear(6) brings an 8×4 sequence to an 8×6 sequence"


def test_nothing_is_offered_where_nothing_is_certain() -> None:
    assert refuses(Add(), Image(8, 7, 5), Image(8, 2, 5), words="cannot bring").help == ""
    assert refuses(Add(), Vector(8), Image(6, 2, 5), words="cannot bring").help == ""


@pytest.mark.parametrize("x", [Image(6, 5, 7), Volume(6, 3, 4, 5), Sequence(7, 6)])
def test_a_vector_is_added_at_each_position(x: TensorType) -> None:
    assert Add().infer(Vector(6), x, x) == Add().infer(x, Vector(6)) == x
    agrees(Add(), x, Vector(6))
    agrees(Add(), Vector(6), x, x)


def test_it_is_added_to_the_channels() -> None:
    picture, words = Image(6, 5, 7), Sequence(7, 6)
    agrees(Add(), picture, Vector(6), reference=lambda a, b: a + b[:, :, None, None])
    agrees(Add(), Vector(6), words, reference=lambda a, b: a[:, None, :] + b)


def test_no_other_shapes_are_stretched() -> None:
    refuses(Add(), Image(6, 5, 7), Image(6, 1, 1), words="cannot bring")
    refuses(Add(), Sequence(7, 6), Sequence(1, 6), words="cannot bring")
    refuses(Add(), Nodes(7, 6, 9), Vector(6), words="cannot bring")


def test_token_ids_are_refused() -> None:
    refuses(Add(), Tokens(4, 9), Tokens(4, 9), words="add cannot take token ids (4)")
