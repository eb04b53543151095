"""``crop`` takes a part of the positions, the middle unless it is told where."""

from __future__ import annotations

import pytest

from archdsl.ops.plumbing.crop import Crop
from archdsl.types import Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, refuses
from tests.ops.emitted import text_of

IMAGE = Image(3, 7, 10)


def test_it_takes_the_middle() -> None:
    assert Crop((3, 4)).infer(IMAGE) == Image(3, 3, 4)
    agrees(Crop((3, 4)), IMAGE, reference=lambda x: x[..., 2:5, 3:7])
    agrees(Crop(4), Sequence(7, 5), reference=lambda x: x[:, 1:5])
    agrees(Crop((2, 1, 4)), Volume(2, 4, 3, 4), reference=lambda x: x[:, :, 1:3, 1:2])


def test_it_begins_where_it_is_told_to() -> None:
    agrees(Crop(3, start=0), IMAGE, reference=lambda x: x[..., :3, :3])
    agrees(Crop(3, start=(4, 7)), IMAGE, reference=lambda x: x[..., 4:, 7:])


@pytest.mark.parametrize("like", [Image(9, 7, 4), Image(1, 1, 1)])
def test_it_may_be_like_another(like) -> None:
    assert Crop().infer(IMAGE, like) == like._replace(channels=3)
    agrees(Crop(), IMAGE, like)


def test_the_skips_of_a_u_net_without_padding_are_cropped() -> None:
    body = (
        "{ let skip = conv(4, 3, padding=0) let deep = skip -> conv(4, 3, padding=0)"
        " return concat(skip -> crop(like=deep), deep) }"
    )
    text = text_of(body, "image(3, 16, 16)")
    assert "skip[..., 1:13, 1:13]" in text


def test_more_than_there_is_is_refused() -> None:
    words = "there are no 8×8 positions in a 3×7×10 image"
    refuses(Crop(8), IMAGE, words=words, argument="size")
    refuses(Crop(3, start=8), IMAGE, words="lie beyond a 3×7×10 image", argument="start")
    refuses(Crop(), IMAGE, words="crop has no size")
    refuses(Crop(), IMAGE, Image(3, 8, 8), words="there are no 8×8 positions")
    refuses(Crop(1), Vector(4), words="crop cannot take a vector (4)")
