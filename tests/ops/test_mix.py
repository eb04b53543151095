"""``mix`` is gate·a + (1 - gate)·b."""

from __future__ import annotations

import pytest

from archdsl.ops.merge.mix import Mix
from archdsl.types import Image, Sequence, TensorType, Tokens, Vector
from tests.ops.against_torch import agrees, refuses

CASES = [
    (Vector(9), Vector(9)),
    (Image(3, 5, 7), Image(3, 5, 7)),
    (Vector(3), Image(3, 5, 7)),
    (Image(1, 5, 7), Image(3, 5, 7)),
    (Sequence(7, 1), Sequence(7, 4)),
]


@pytest.mark.parametrize(("gate", "x"), CASES)
def test_it_does_what_it_foretold(gate: TensorType, x: TensorType) -> None:
    agrees(Mix(), gate, x, x)


def test_it_computes_the_highway() -> None:
    x = Sequence(7, 4)
    agrees(Mix(), x, x, x, reference=lambda gate, a, b: gate * a + (1 - gate) * b)


def test_unequal_branches_are_refused() -> None:
    words = "mix cannot bring a vector of 8 and a vector of 9 together"
    error = refuses(Mix(), Vector(8), Vector(8), Vector(9), words=words)
    assert error.help == "linear(9) brings a vector of 8 to a vector of 9"


def test_a_gate_larger_than_the_branches_is_refused() -> None:
    words = "mix cannot bring a 3×1×1 image and a 3×5×7 image together"
    refuses(Mix(), Image(3, 5, 7), Image(3, 1, 1), Image(3, 1, 1), words=words)


def test_token_ids_are_refused() -> None:
    ids = Tokens(4, 9)
    refuses(Mix(), ids, ids, ids, words="mix cannot take token ids (4)")
