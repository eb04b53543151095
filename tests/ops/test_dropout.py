"""``dropout`` is PyTorch's."""

from __future__ import annotations

import pytest

from archdsl.ops.regularizer.dropout import Dropout
from archdsl.types import Image, Sequence, TensorType, Tokens, Vector
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", [Vector(33), Image(3, 5, 7), Sequence(7, 4)])
@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 1.0])
def test_it_does_what_it_foretold(rate: float, x: TensorType) -> None:
    agrees(Dropout(rate), x, reference=lambda _, x: x)


def test_it_is_spelled_without_defaults() -> None:
    assert module(Dropout(), Vector(9)) == "nn.Dropout()"
    assert module(Dropout(0.2), Vector(9)) == "nn.Dropout(0.2)"


def test_token_ids_are_refused() -> None:
    refuses(Dropout(), Tokens(12, 100), words="dropout cannot take token ids (12)")
