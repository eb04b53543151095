"""``resize`` brings positions to a size, as F.interpolate does."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import interpolate

from archdsl.ops.pooling.resize import Resize
from archdsl.types import Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses
from tests.ops.emitted import module_of, text_of

IMAGE = Image(3, 7, 10)


@pytest.mark.parametrize("size", [(14, 20), (3, 4), (1, 1), (11, 6)])
@pytest.mark.parametrize("mode", ["nearest", "bilinear", "bicubic", "area"])
def test_it_is_interpolate(size, mode) -> None:
    assert Resize(size, mode).infer(IMAGE) == Image(3, *size)
    agrees(Resize(size, mode), IMAGE, reference=lambda x: interpolate(x, size, mode=mode))


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
@pytest.mark.parametrize("options", [{"align_corners": True}, {"antialias": True}])
def test_its_options_are_interpolates(mode, options) -> None:
    def reference(x: torch.Tensor) -> torch.Tensor:
        return interpolate(x, (5, 13), mode=mode, **options)

    agrees(Resize((5, 13), mode, **options), IMAGE, reference=reference)


def test_linear_is_along_each_axis_there_is() -> None:
    def along(x: torch.Tensor) -> torch.Tensor:
        return interpolate(x.mT, 11, mode="linear").mT

    def trilinear(x: torch.Tensor) -> torch.Tensor:
        return interpolate(x, (2, 5, 6), mode="trilinear")

    agrees(Resize(11, "bilinear"), Sequence(7, 4), reference=along)
    agrees(Resize((2, 5, 6), "bilinear"), Volume(2, 3, 4, 4), reference=trilinear)
    agrees(Resize(3, "area"), Sequence(7, 4))


@pytest.mark.parametrize(
    ("x", "like"),
    [
        (IMAGE, Image(9, 13, 5)),
        (Sequence(4, 3), Sequence(9, 2)),
        (Volume(2, 2, 2, 2), Volume(1, 3, 3, 5)),
    ],
)
def test_it_may_be_like_another(x, like) -> None:
    agrees(Resize(mode="bilinear"), x, like)


def test_a_pyramid_on_odd_maps_adds_up() -> None:
    body = (
        "{ let high = conv(8, 3, stride=2) let low = high -> conv(8, 3, stride=2)"
        " return add(high, low -> resize(like=high)) }"
    )
    text = text_of(body, "image(3, 170, 340)")
    assert "F.interpolate(self.low(x), size=x.shape[2:])" in text
    graph_module = module_of(body, "image(3, 170, 340)")
    first, second = graph_module.children()
    x = torch.randn(1, 3, 170, 340)
    high = first(x)
    low = interpolate(second(high), size=high.shape[2:])
    torch.testing.assert_close(graph_module(x), high + low)


def test_it_is_written_as_one_would() -> None:
    assert module(Resize((14, 14), "bilinear"), IMAGE) == "nn.Upsample(size=14, mode='bilinear')"
    function = Resize((14, 20), "bicubic", align_corners=True).spelling(IMAGE).function
    assert function == "F.interpolate({x}, size={size}, mode={mode}, align_corners={align_corners})"


def test_what_makes_no_sense_is_refused() -> None:
    refuses(Resize(), IMAGE, words="resize has no size")
    refuses(Resize(4), IMAGE, IMAGE, words="is told a size, and to be like", argument="size")
    refuses(Resize((4, 4, 4)), IMAGE, words="has 3 sizes where there are 2 axes", argument="size")
    refuses(Resize(), IMAGE, Sequence(7, 4), words="to the size of a 7×4 sequence")
    refuses(Resize(4), Vector(9), words="resize cannot take a vector (9)")
    refuses(Resize(4, "bicubic"), Sequence(7, 4), words="bicubic is for images", argument="mode")
    words = "align_corners says nothing to mode=nearest"
    refuses(Resize(4, align_corners=True), IMAGE, words=words, replacement="false")
    refuses(Resize(4, "area", antialias=True), IMAGE, words="antialias says nothing to mode=area")
