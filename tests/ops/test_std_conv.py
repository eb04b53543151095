"""``std_conv`` is timm's StdConv2d and, scaled, its ScaledStdConv2d."""

from __future__ import annotations

import pytest
import torch

from archdsl.ops.convolution.std_conv import StdConv
from archdsl.types import Grid, Image, Sequence, Vector, Volume
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.peers import import_torchvision

CASES = [
    (StdConv(8, 3), Image(3, 9, 11)),
    (StdConv(8, 3, stride=2, groups=2, bias=False, eps=1e-3), Image(4, 9, 9)),
    (StdConv(6, 3, scaled=True), Image(4, 7, 8)),
    (StdConv(6, 3, groups=6, dilation=2, scaled=True, gamma=1.7015), Image(6, 7, 8)),
    (StdConv(8, 5, scaled=True), Sequence(7, 5)),
    (StdConv(4, 3), Volume(2, 5, 6, 7)),
]


@pytest.mark.parametrize(("op", "x"), CASES)
def test_it_does_what_it_foretold(op: StdConv, x: Grid) -> None:
    agrees(op, x)


@pytest.mark.parametrize("scaled", [False, True])
def test_it_computes_what_timm_computes(scaled: bool) -> None:
    import_torchvision()
    from timm.layers.std_conv import ScaledStdConv2d, StdConv2d

    op = StdConv(8, 3, stride=2, groups=2, scaled=scaled, gamma=1.7015 if scaled else 1.0)
    ours = Built(op, Image(4, 9, 9)).module
    given = {"stride": 2, "groups": 2, "bias": True}
    theirs = (
        ScaledStdConv2d(4, 8, 3, gamma=1.7015, **given) if scaled else StdConv2d(4, 8, 3, **given)
    )
    assert ours is not None
    if scaled:
        torch.nn.init.uniform_(theirs.gain, 0.5, 2.0)
    ours.load_state_dict(theirs.state_dict(), strict=True)
    x = torch.randn(2, 4, 9, 9)
    torch.testing.assert_close(ours(x), theirs(x), rtol=1e-5, atol=1e-5)


def test_it_is_spelled_without_defaults() -> None:
    spelled = module(StdConv(64, 3, bias=False), Image(3, 9, 9))
    assert spelled == "StdConv2d(3, 64, kernel_size=3, padding=1, bias=False)"
    spelled = module(StdConv(64, 3, scaled=True, gamma=1.7, eps=1e-5), Image(3, 9, 9))
    assert spelled == "ScaledStdConv2d(3, 64, kernel_size=3, padding=1, gamma=1.7, eps=1e-05)"


def test_a_kernel_of_one_weight_is_refused() -> None:
    error = refuses(StdConv(6, 1, groups=6), Image(6, 7, 7), words="less its own mean that is 0")
    assert error.help == "take `conv`, whose weights are used as they are"


def test_gamma_is_a_factor_of_scaled_weights() -> None:
    op = StdConv(6, 3, gamma=1.7)
    refuses(op, Image(6, 7, 7), words="gamma is a factor of scaled weights", argument="gamma")


def test_what_conv_refuses_is_refused() -> None:
    refuses(StdConv(8, 3), Vector(9), words="std_conv cannot take a vector (9)")
    words = "groups=3 does not divide 64 channels; 2 or 4 do"
    refuses(StdConv(64, 3, groups=3), Image(64, 8, 8), words=words, argument="groups")


def test_padding_is_alike_on_both_sides() -> None:
    words = "std_conv pads alike on both sides, and padding=same may not"
    refuses(StdConv(8, 3, padding="same"), Image(3, 9, 9), words=words, argument="padding")
