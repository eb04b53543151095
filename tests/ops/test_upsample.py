"""``upsample`` enlarges by copying or by mixing."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

import archdsl
from archdsl.fixing import Fixing
from archdsl.ops.pooling.upsample import Upsample
from archdsl.types import Grid, Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses


@pytest.mark.parametrize("x", [Image(3, 5, 7), Volume(2, 3, 4, 5), Sequence(7, 4)])
@pytest.mark.parametrize("op", [Upsample(), Upsample(3, "bilinear"), Upsample(2, "bilinear", True)])
def test_it_does_what_it_foretold(op: Upsample, x: Grid) -> None:
    agrees(op, x)


def test_it_computes_what_the_function_computes() -> None:
    agrees(
        Upsample((1, 2), mode="bilinear"),
        Image(3, 5, 7),
        reference=lambda x: F.interpolate(x, size=(5, 14), mode="bilinear"),
    )
    agrees(
        Upsample(2, "bilinear", align_corners=True),
        Image(3, 5, 7),
        reference=lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True),
    )
    assert module(Upsample(), Image(3, 5, 7)) == "nn.Upsample(scale_factor=2)"


def test_a_scale_has_as_many_sizes_as_the_input_has_axes() -> None:
    words = "scale=size(1, 2) has 2 sizes where there is 1 axis"
    refuses(Upsample((1, 2)), Sequence(9, 4), words=words, argument="scale")


def test_corners_of_what_is_copied_are_not_aligned() -> None:
    words = "align_corners says nothing to mode=nearest here"
    refuses(Upsample(align_corners=True), Image(3, 5, 7), words=words, argument="align_corners")


def test_vectors_are_refused() -> None:
    refuses(Upsample(), Vector(9), words="upsample cannot take a vector (9)")


def test_what_reads_like_a_size_is_refused_and_mended() -> None:
    words = "size(56, 56) reads like a size, and upsample multiplies by its numbers"
    error = refuses(Upsample((56, 56)), Image(3, 28, 28), words=words, argument="scale")
    assert error.help == "resize(size(56, 56)) gives this size"
    assert Upsample((56, 48)).infer(Image(3, 1, 1)) == Image(3, 56, 48)
    text = "arch A { data image(3, 28, 28) model = upsample(size(56, 56), mode=bilinear) }"
    fixed = Fixing(unsafe=True, principles=False).run(text)
    assert "resize(size(56, 56), mode=bilinear)" in fixed.text
    assert archdsl.check(fixed.text).ok
