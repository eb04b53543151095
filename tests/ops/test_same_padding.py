"""``padding=same`` of conv, max_pool and avg_pool is TensorFlow's, as timm has it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
import torch

from archdsl.ops.convolution.conv import Conv
from archdsl.ops.pooling.avg_pool import AvgPool
from archdsl.ops.pooling.max_pool import MaxPool
from archdsl.types import Image, Sequence, Volume, spatial
from tests.ops.against_torch import Built, agrees, module, refuses
from tests.ops.emitted import text_of
from tests.peers import import_torchvision

MAPS = [Image(4, 7, 10), Image(4, 8, 8), Image(4, 5, 9)]
WINDOWS = [(1, 1), (3, 1), (3, 2), (2, 2), (5, 2), (3, 3), (2, 1), (1, 2)]


def layers() -> Any:
    import_torchvision()
    modules = (import_module(f"timm.layers.{name}") for name in ("conv2d_same", "pool2d_same"))
    return {name: value for module in modules for name, value in vars(module).items()}


@pytest.mark.parametrize("x", MAPS)
@pytest.mark.parametrize(("kernel", "stride"), WINDOWS)
@pytest.mark.parametrize("dilation", [1, 2])
def test_a_convolution_is_that_of_timm(x, kernel, stride, dilation) -> None:
    op = Conv(6, kernel, stride, "same", dilation)
    assert spatial(op.infer(x)) == tuple(-(-n // stride) for n in spatial(x))
    built = agrees(op, x)
    theirs = layers()["Conv2dSame"](4, 6, kernel, stride, dilation=dilation)
    theirs.load_state_dict(built.module.state_dict())
    (given,) = built.tensors(2)
    torch.testing.assert_close(built.run(given), theirs(given))


@pytest.mark.parametrize("x", MAPS)
@pytest.mark.parametrize(("kernel", "stride"), WINDOWS)
def test_pooling_is_that_of_timm(x, kernel, stride) -> None:
    largest = layers()["MaxPool2dSame"](kernel, stride)
    agrees(MaxPool(kernel, stride, "same"), x, reference=largest)
    mean = layers()["AvgPool2dSame"](kernel, stride)
    agrees(AvgPool(kernel, stride, "same"), x, reference=mean)


@pytest.mark.parametrize("x", [Sequence(7, 4), Volume(2, 4, 5, 6)])
def test_it_is_along_each_axis_there_is(x) -> None:
    agrees(Conv(3, 3, 2, "same"), x)
    agrees(MaxPool(2, 2, "same"), x)
    agrees(AvgPool(3, 2, "same"), x)


def test_it_is_pytorchs_own_where_that_has_it() -> None:
    plain = module(Conv(6, 3, 1, "same"), Image(4, 8, 8))
    assert plain == "nn.Conv2d(4, 6, kernel_size=3, padding='same')"
    uneven = module(Conv(6, 3, 2, "same"), Image(4, 8, 8))
    assert uneven == "SameConv2d(4, 6, kernel_size=3, stride=2)"
    text = text_of("max_pool(3, stride=2, padding=same)", "image(4, 8, 8)")
    assert 'F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=float("-inf")), 3, stride=2)' in text


def test_the_weights_keep_their_names() -> None:
    built = Built(Conv(6, 3, 2, "same"), Image(4, 8, 8))
    assert list(built.module.state_dict()) == ["weight", "bias"]


def test_what_has_no_kernel_is_refused() -> None:
    op = AvgPool(3, 2, "same", count_include_pad=False)
    refuses(op, Image(4, 8, 8), words="more is put around behind", argument="count_include_pad")
    agrees(op, Image(4, 7, 7))
    words = "padding=same fills the last window up by itself"
    refuses(MaxPool(3, 2, "same", ceil=True), Image(4, 8, 8), words=words, argument="ceil")
