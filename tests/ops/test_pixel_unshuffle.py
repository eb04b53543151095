"""``pixel_unshuffle`` makes channels of positions."""

from __future__ import annotations

import torch.nn.functional as F

from archdsl.ops.pooling.pixel_shuffle import PixelShuffle
from archdsl.ops.pooling.pixel_unshuffle import PixelUnshuffle
from archdsl.types import Image, Vector
from tests.ops.against_torch import agrees, module, refuses


def test_it_does_what_it_foretold() -> None:
    agrees(PixelUnshuffle(2), Image(3, 6, 8), reference=lambda x: F.pixel_unshuffle(x, 2))
    agrees(PixelUnshuffle(3), Image(1, 3, 9))
    assert PixelUnshuffle(2).infer(Image(3, 6, 8)) == Image(12, 3, 4)
    assert module(PixelUnshuffle(2), Image(3, 6, 8)) == "nn.PixelUnshuffle(2)"


def test_pixel_shuffle_undoes_it() -> None:
    assert PixelShuffle(2).infer(PixelUnshuffle(2).infer(Image(3, 6, 8))) == Image(3, 6, 8)


def test_the_map_must_part_into_squares() -> None:
    words = "a 3×5×8 image does not part into squares of 2×2"
    error = refuses(PixelUnshuffle(2), Image(3, 5, 8), words=words, argument="factor")
    assert error.needed == "a height and a width that 2 divides"


def test_vectors_are_refused() -> None:
    refuses(PixelUnshuffle(2), Vector(9), words="pixel_unshuffle cannot take a vector (9)")
