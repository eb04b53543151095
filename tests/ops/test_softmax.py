"""``softmax`` is PyTorch's, over the channels."""

from __future__ import annotations

import pytest

from archdsl.ops.activation.softmax import Softmax
from archdsl.ops.base import Trait
from archdsl.types import Image, Sequence, TensorType, Tokens
from tests.ops.activations import KINDS
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", KINDS)
def test_it_does_what_it_foretold(x: TensorType) -> None:
    agrees(Softmax(), x)


def test_the_channels_of_each_position_sum_to_one() -> None:
    agrees(Softmax(), Image(6, 5, 7), reference=lambda x: x.softmax(1))
    agrees(Softmax(), Sequence(7, 6), reference=lambda x: x.softmax(2))
    assert module(Softmax(), Image(6, 5, 7)) == "nn.Softmax(dim=1)"


def test_token_ids_are_refused() -> None:
    refuses(Softmax(), Tokens(12, 100), words="softmax cannot take token ids (12)")


def test_another_axis_sums_to_one_where_it_is_named() -> None:
    agrees(Softmax("length"), Sequence(7, 6), reference=lambda x: x.softmax(1))
    agrees(Softmax("features"), Sequence(7, 6), reference=lambda x: x.softmax(2))
    agrees(Softmax("width"), Image(6, 5, 7), reference=lambda x: x.softmax(3))
    assert module(Softmax("length"), Sequence(7, 6)) == "nn.Softmax(dim=1)"
    assert Trait.SHARES not in Softmax("length").traits


def test_an_axis_that_is_not_there_is_refused() -> None:
    error = refuses(Softmax("length"), Image(6, 5, 7), words="softmax(length) cannot take an image")
    assert error.needed == "a sequence"
