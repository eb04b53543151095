"""``last`` is the last position of a sequence."""

from __future__ import annotations

from archdsl.ops.plumbing.last import Last
from archdsl.types import Image, Sequence, Vector
from tests.ops.against_torch import agrees, refuses


def test_it_does_what_it_foretold() -> None:
    assert Last().infer(Sequence(7, 4)) == Vector(4)
    agrees(Last(), Sequence(7, 4), reference=lambda x: x[:, 6])


def test_images_are_refused() -> None:
    error = refuses(Last(), Image(3, 4, 4), words="last cannot take an image (3×4×4)")
    assert error.needed == "a sequence"
