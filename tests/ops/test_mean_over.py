"""``mean_over`` is the mean over the length of a sequence."""

from __future__ import annotations

from archdsl.ops.plumbing.mean_over import MeanOver
from archdsl.types import Image, Sequence, Vector
from tests.ops.against_torch import agrees, refuses


def test_it_does_what_it_foretold() -> None:
    assert MeanOver().infer(Sequence(7, 4)) == Vector(4)
    agrees(MeanOver(), Sequence(7, 4), reference=lambda x: x.sum(1) / 7)


def test_images_are_refused() -> None:
    error = refuses(MeanOver(), Image(3, 4, 4), words="mean_over cannot take an image (3×4×4)")
    assert error.needed == "a sequence"
