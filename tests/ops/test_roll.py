"""``roll`` moves positions round."""

from __future__ import annotations

import pytest

from archdsl.ops.plumbing.roll import Roll
from archdsl.types import Image, Sequence, TensorType, Vector, Volume
from tests.ops.against_torch import agrees, refuses

CASES: list[tuple[Roll, TensorType, tuple[int, ...], tuple[int, ...]]] = [
    (Roll(2), Sequence(7, 4), (2,), (1,)),
    (Roll((1, -2)), Image(3, 5, 6), (1, -2), (2, 3)),
    (Roll(-3), Image(3, 5, 6), (-3, -3), (2, 3)),
    (Roll(1), Volume(2, 3, 4, 5), (1, 1, 1), (2, 3, 4)),
    (Roll(1, "width"), Image(3, 5, 6), (1,), (3,)),
    (Roll(1, "channels"), Image(3, 5, 6), (1,), (1,)),
    (Roll(1, "features"), Vector(6), (1,), (1,)),
]


@pytest.mark.parametrize(("op", "x", "shifts", "dims"), CASES)
def test_it_moves_as_pytorch_does(op, x, shifts, dims) -> None:
    assert op.infer(x) == x
    agrees(op, x, reference=lambda tensor: tensor.roll(shifts, dims))


def test_it_is_written_as_one_would() -> None:
    spelling = Roll((1, -2)).spelling(Image(3, 5, 6))
    assert spelling.function == "{x}.roll({shifts}, dims={dims})"
    assert spelling.values == {"shifts": (1, -2), "dims": (2, 3)}


def test_sizes_that_do_not_fit_are_refused() -> None:
    refuses(Roll((1, 2)), Sequence(7, 4), words="has 2 sizes where there is 1 axis", argument="by")
    refuses(Roll((1, 2), "width"), Image(3, 5, 6), words="several sizes are given", argument="by")
    refuses(Roll(1), Vector(6), words="roll cannot take a vector (6)")
    refuses(Roll(1, "length"), Image(3, 5, 6), words="roll(length) cannot take an image (3×5×6)")
