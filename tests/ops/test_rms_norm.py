"""``rms_norm`` is PyTorch's, over the channels of whatever kind of tensor."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.norm.rms_norm import RmsNorm
from archdsl.types import Image, Nodes, Sequence, TensorType, Tokens, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses

KINDS = [
    Image(6, 5, 7),
    Volume(6, 3, 4, 5),
    Sequence(7, 6),
    Sequence(1, 6),
    Vector(6),
    Nodes(11, 6, 20),
]


@pytest.mark.parametrize("x", KINDS)
@pytest.mark.parametrize("op", [RmsNorm(), RmsNorm(eps=1e-6)])
def test_it_does_what_it_foretold(op: RmsNorm, x: TensorType) -> None:
    agrees(op, x)


def test_an_image_is_normalised_over_the_channels_of_each_position() -> None:
    agrees(
        RmsNorm(),
        Image(6, 5, 7),
        reference=lambda _, x: F.rms_norm(x.movedim(1, -1), (6,)).movedim(-1, 1),
    )
    agrees(RmsNorm(), Sequence(7, 6), reference=lambda _, x: F.rms_norm(x, (6,)))


def test_it_is_spelled_without_defaults() -> None:
    assert module(RmsNorm(), Vector(64)) == "nn.RMSNorm(64)"
    assert module(RmsNorm(eps=1e-6), Vector(8)) == "nn.RMSNorm(8, eps=1e-06)"


def test_token_ids_are_refused() -> None:
    refuses(RmsNorm(), Tokens(12, 100), words="rms_norm cannot take token ids (12)")


def test_a_single_channel_is_refused() -> None:
    refuses(RmsNorm(), Vector(1), words="over one channel, a vector of 1 gives its signs alone")
