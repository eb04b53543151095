"""``softmax`` is PyTorch's, over the channels."""

from __future__ import annotations

import pytest

from archdsl.ops.activation.softmax import Softmax
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
