"""``transpose`` swaps length and features."""

from __future__ import annotations

from archdsl.ops.plumbing.transpose import Transpose
from archdsl.types import Image, Sequence
from tests.ops.against_torch import agrees, refuses


def test_it_does_what_it_foretold() -> None:
    assert Transpose().infer(Sequence(7, 4)) == Sequence(4, 7)
    agrees(Transpose(), Sequence(7, 4), reference=lambda x: x.mT)


def test_every_output_position_reads_the_whole_length() -> None:
    assert Transpose().window(Sequence(7, 4)) == (7, 1)


def test_images_are_refused() -> None:
    refuses(Transpose(), Image(3, 4, 4), words="transpose cannot take an image (3×4×4)")
