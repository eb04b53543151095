"""``max_over`` is the largest over the length of a sequence."""

from __future__ import annotations

from archdsl.ops.plumbing.max_over import MaxOver
from archdsl.types import Image, Sequence, Vector
from tests.ops.against_torch import agrees, refuses


def test_it_does_what_it_foretold() -> None:
    assert MaxOver().infer(Sequence(7, 4)) == Vector(4)
    agrees(MaxOver(), Sequence(7, 4), reference=lambda x: x.max(1).values)


def test_images_are_refused() -> None:
    error = refuses(MaxOver(), Image(3, 4, 4), words="max_over cannot take an image (3×4×4)")
    assert error.needed == "a sequence"
