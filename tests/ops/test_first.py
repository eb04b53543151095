"""``first`` is the first position of a sequence."""

from __future__ import annotations

from archdsl.ops.plumbing.first import First
from archdsl.types import Image, Sequence, Vector
from tests.ops.against_torch import agrees, refuses


def test_it_does_what_it_foretold() -> None:
    assert First().infer(Sequence(7, 4)) == Vector(4)
    agrees(First(), Sequence(7, 4), reference=lambda x: x.unbind(1)[0])


def test_images_are_refused() -> None:
    error = refuses(First(), Image(3, 4, 4), words="first cannot take an image (3×4×4)")
    assert error.needed == "a sequence"
