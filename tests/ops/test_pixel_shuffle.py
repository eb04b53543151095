"""``pixel_shuffle`` makes positions of channels."""

from __future__ import annotations

import torch.nn.functional as F

from archdsl.ops.pooling.pixel_shuffle import PixelShuffle
from archdsl.types import Image, Vector
from tests.ops.against_torch import agrees, module, refuses


def test_it_does_what_it_foretold() -> None:
    agrees(PixelShuffle(2), Image(12, 5, 7), reference=lambda x: F.pixel_shuffle(x, 2))
    agrees(PixelShuffle(3), Image(9, 2, 1))
    assert PixelShuffle(2).infer(Image(12, 5, 7)) == Image(3, 10, 14)
    assert module(PixelShuffle(2), Image(12, 5, 7)) == "nn.PixelShuffle(2)"


def test_the_channels_must_part_into_squares() -> None:
    words = "pixel_shuffle makes each 9 channels one, and 64 do not part so"
    error = refuses(PixelShuffle(3), Image(64, 5, 7), words=words, argument="factor")
    assert error.needed == "a multiple of 9 channels"


def test_vectors_are_refused() -> None:
    refuses(PixelShuffle(2), Vector(9), words="pixel_shuffle cannot take a vector (9)")
