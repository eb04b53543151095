"""``transpose`` swaps length and features."""

from __future__ import annotations

from archdsl.ops.base import Trait
from archdsl.ops.plumbing.transpose import Transpose
from archdsl.types import Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, refuses


def test_it_does_what_it_foretold() -> None:
    assert Transpose().infer(Sequence(7, 4)) == Sequence(4, 7)
    agrees(Transpose(), Sequence(7, 4), reference=lambda x: x.mT)


def test_every_output_position_reads_the_whole_length() -> None:
    assert Transpose().window(Sequence(7, 4)) == (7, 1)


def test_named_axes_are_swapped() -> None:
    swapped = Transpose("height", "width")
    assert swapped.infer(Image(3, 4, 5)) == Image(3, 5, 4)
    agrees(swapped, Image(3, 4, 5), reference=lambda x: x.transpose(2, 3))
    agrees(Transpose("width", "channels"), Image(3, 4, 5), reference=lambda x: x.transpose(1, 3))
    agrees(Transpose("depth", "width"), Volume(3, 2, 4, 5), reference=lambda x: x.transpose(2, 4))
    assert Transpose("features", "length").infer(Sequence(7, 4)) == Sequence(4, 7)


def test_positions_are_mixed_where_they_become_channels() -> None:
    assert Trait.MIXES_POSITIONS in Transpose("channels", "height").traits
    assert Trait.MIXES_POSITIONS not in Transpose("height", "width").traits
    assert Transpose("height", "width").window(Image(3, 4, 5)) is None
    assert Transpose("channels", "height").window(Image(3, 4, 5)) == (4, 1)


def test_an_image_needs_two_axes_that_it_has() -> None:
    words = "transpose is to be told which two of channels, height and width it swaps"
    error = refuses(Transpose(), Image(3, 4, 4), words=words)
    assert error.help == "transpose(height, width)"
    refuses(Transpose("length", "width"), Image(3, 4, 4), words="transpose(length) cannot take")
    refuses(Transpose("width", "width"), Image(3, 4, 4), words="are one axis", argument="second")
    refuses(Transpose(), Vector(4), words="transpose cannot take a vector (4)")
