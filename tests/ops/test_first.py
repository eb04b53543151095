"""``first`` is the first position of a sequence."""

from __future__ import annotations

from archdsl.ops.base import Trait
from archdsl.ops.plumbing.first import First
from archdsl.types import Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, refuses


def test_it_does_what_it_foretold() -> None:
    assert First().infer(Sequence(7, 4)) == Vector(4)
    agrees(First(), Sequence(7, 4), reference=lambda x: x.unbind(1)[0])


def test_another_axis_ends_where_it_is_named() -> None:
    assert First("height").infer(Image(3, 4, 5)) == Sequence(5, 3)
    agrees(First("height"), Image(3, 4, 5), reference=lambda x: x[:, :, 0].mT)
    agrees(First("width"), Image(3, 4, 5), reference=lambda x: x[..., 0].mT)
    agrees(First("depth"), Volume(3, 2, 4, 5), reference=lambda x: x[:, :, 0])
    agrees(First("width"), Volume(3, 2, 4, 5), reference=lambda x: x[..., 0])
    agrees(First("features"), Sequence(7, 4), reference=lambda x: x[:, :, 0])


def test_it_stands_for_the_sequence_where_it_takes_a_position_alone() -> None:
    assert Trait.TAKES_FIRST in First().traits
    assert Trait.TAKES_FIRST not in First("features").traits


def test_what_has_no_such_axis_is_refused() -> None:
    error = refuses(First(), Image(3, 4, 4), words="first cannot take an image (3×4×4)")
    assert error.needed == "a sequence"
    assert error.help == "first(axis=height) takes one along another axis"
    error = refuses(First("channels"), Image(3, 4, 4), words="without channels", argument="axis")
    assert error.help == "slice(0, 1) keeps one channel"
    refuses(First("height"), Sequence(7, 4), words="first(height) cannot take a sequence (7×4)")
