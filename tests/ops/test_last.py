"""``last`` is the last position of a sequence."""

from __future__ import annotations

from archdsl.ops.base import Trait
from archdsl.ops.plumbing.last import Last
from archdsl.types import Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, refuses


def test_it_does_what_it_foretold() -> None:
    assert Last().infer(Sequence(7, 4)) == Vector(4)
    agrees(Last(), Sequence(7, 4), reference=lambda x: x[:, 6])


def test_another_axis_ends_where_it_is_named() -> None:
    assert Last("height").infer(Image(3, 4, 5)) == Sequence(5, 3)
    agrees(Last("height"), Image(3, 4, 5), reference=lambda x: x[:, :, -1].mT)
    agrees(Last("width"), Image(3, 4, 5), reference=lambda x: x[..., -1].mT)
    agrees(Last("depth"), Volume(3, 2, 4, 5), reference=lambda x: x[:, :, -1])
    agrees(Last("width"), Volume(3, 2, 4, 5), reference=lambda x: x[..., -1])
    agrees(Last("features"), Sequence(7, 4), reference=lambda x: x[:, :, -1])


def test_it_stands_for_the_sequence_where_it_takes_a_position_alone() -> None:
    assert Trait.TAKES_LAST in Last().traits
    assert Trait.TAKES_LAST not in Last("features").traits


def test_what_has_no_such_axis_is_refused() -> None:
    error = refuses(Last(), Image(3, 4, 4), words="last cannot take an image (3×4×4)")
    assert error.needed == "a sequence"
    assert error.help == "last(axis=height) takes one along another axis"
    error = refuses(Last("channels"), Image(3, 4, 4), words="without channels", argument="axis")
    assert error.help == "slice(2) keeps one channel"
    refuses(Last("height"), Sequence(7, 4), words="last(height) cannot take a sequence (7×4)")
