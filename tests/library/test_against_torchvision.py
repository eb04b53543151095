"""Blocks cost what torchvision's modules of the same kind cost, and compute what they compute."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn

from archdsl.cost import counts
from tests import peers
from tests.library.pages import compiled, graph
from tests.zoo import transfer
from tests.zoo_sequence.weights import randomised

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[[Any], nn.Module]


class Modules:
    """The modules of ``torchvision.models`` by name; its functions hide some of them."""

    def __init__(self) -> None:
        peers.import_torchvision()

    def __getattr__(self, name: str) -> Any:
        return import_module(f"torchvision.models.{name}")


def _downsample(channels: int, width: int, stride: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))


def _inverted_residual(models: Any) -> nn.Module:
    return models.mobilenetv2.InvertedResidual(16, 24, stride=2, expand_ratio=6)


def _mbconv(models: Any) -> nn.Module:
    config = models.efficientnet.MBConvConfig(6, 5, 1, 16, 16, 1)
    return models.efficientnet.MBConv(config, 0.0, nn.BatchNorm2d)


def _fused_mbconv(models: Any) -> nn.Module:
    config = models.efficientnet.FusedMBConvConfig(4, 3, 2, 16, 24, 1)
    return models.efficientnet.FusedMBConv(config, 0.0, nn.BatchNorm2d)


# block, channels that flow in, torchvision's module
CASES: list[tuple[str, int, Build]] = [
    ("resnet_basic(64)", 64, lambda m: m.resnet.BasicBlock(64, 64)),
    (
        "resnet_basic(32, stride=2)",
        16,
        lambda m: m.resnet.BasicBlock(16, 32, 2, _downsample(16, 32, 2)),
    ),
    ("bottleneck(16)", 64, lambda m: m.resnet.Bottleneck(64, 16)),
    (
        "bottleneck(32, stride=2)",
        64,
        lambda m: m.resnet.Bottleneck(64, 32, 2, _downsample(64, 128, 2)),
    ),
    ("bottleneck(32, expand=2)", 64, lambda m: m.resnet.Bottleneck(64, 16, base_width=128)),
    ("resnext(128)", 256, lambda m: m.resnet.Bottleneck(256, 64, groups=32, base_width=4)),
    ("inverted_residual(24, stride=2)", 16, _inverted_residual),
    (
        "inverted_residual(16, expand=1)",
        16,
        lambda m: m.mobilenetv2.InvertedResidual(16, 16, stride=1, expand_ratio=1),
    ),
    ("mbconv(16, kernel=5)", 16, _mbconv),
    ("fused_mbconv(24, stride=2)", 16, _fused_mbconv),
    ("fire(16, 64)", 96, lambda m: m.squeezenet.Fire(96, 16, 64, 64)),
    (
        "inception(64, 96, 128, 16, 32, 32, kernel=3, norm=batch_norm(eps=0.001))",
        192,
        lambda m: m.googlenet.Inception(192, 64, 96, 128, 16, 32, 32),
    ),
    ("inception_a(32)", 192, lambda m: m.inception.InceptionA(192, pool_features=32)),
    ("dense_block(3, growth=8)", 16, lambda m: m.densenet._DenseBlock(3, 16, 4, 8, 0.0)),
    ("transition", 32, lambda m: m.densenet._Transition(32, 16)),
    ("shuffle_unit(48)", 48, lambda m: m.shufflenetv2.InvertedResidual(48, 48, 1)),
    ("shuffle_unit(48, stride=2)", 24, lambda m: m.shufflenetv2.InvertedResidual(24, 48, 2)),
    ("convnext", 32, lambda m: m.convnext.CNBlock(32, 1e-6, 0.0)),
    (
        "aspp(32, near=2, mid=4, far=6)",
        16,
        lambda m: getattr(m, "segmentation.deeplabv3").ASPP(16, [2, 4, 6], 32),
    ),
]


@pytest.mark.parametrize(("block", "channels", "build"), CASES, ids=[case[0] for case in CASES])
def test_params_macs_and_shape_are_those_of_torchvision(
    block: str, channels: int, build: Build
) -> None:
    theirs = build(Modules()).eval()
    ours = graph(block, data=f"image({channels}, 16, 16)")
    image = torch.rand(1, channels, 16, 16)
    assert counts.params(ours) == sum(p.numel() for p in theirs.parameters())
    assert counts.macs(ours) == peers.macs(theirs, image)
    assert ours.model.out[:3] == peers.run(theirs, image).shape[1:]


@pytest.mark.parametrize(("block", "channels", "build"), CASES, ids=[case[0] for case in CASES])
def test_outputs_are_those_of_torchvision(block: str, channels: int, build: Build) -> None:
    theirs = randomised(build(Modules()).eval())
    ours = compiled(block, data=f"image({channels}, 16, 16)").module().eval()
    image = torch.rand(1, channels, 16, 16)
    if block.startswith("aspp"):  # five of its parts have equal shapes: they stand in one order
        values = theirs.state_dict().values()
        ours.load_state_dict(dict(zip(ours.state_dict(), values, strict=True)))
    else:
        transfer.copy(theirs, ours, image)
    torch.testing.assert_close(peers.run(ours, image), peers.run(theirs, image))
