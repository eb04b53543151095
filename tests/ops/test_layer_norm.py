"""``layer_norm`` is PyTorch's, over the channels of whatever kind of tensor."""

from __future__ import annotations

import pytest
import torch.nn.functional as F

from archdsl.ops.norm.layer_norm import LayerNorm
from archdsl.types import Image, Nodes, Sequence, TensorType, Tokens, Vector, Volume, shape
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
@pytest.mark.parametrize("op", [LayerNorm(), LayerNorm(eps=1e-6, bias=False)])
def test_it_does_what_it_foretold(op: LayerNorm, x: TensorType) -> None:
    agrees(op, x)


@pytest.mark.parametrize("x", [Image(6, 5, 7), Image(1, 2, 1), Volume(2, 3, 4, 5), Sequence(7, 1)])
@pytest.mark.parametrize("op", [LayerNorm(over="all"), LayerNorm(bias=False, over="all")])
def test_over_all_it_does_what_it_foretold(op: LayerNorm, x: TensorType) -> None:
    agrees(op, x, reference=lambda _, given: F.layer_norm(given, shape(x)))
    agrees(op, Vector(6))


def test_an_image_is_normalised_over_the_channels_of_each_position() -> None:
    agrees(
        LayerNorm(),
        Image(6, 5, 7),
        reference=lambda _, x: F.layer_norm(x.movedim(1, -1), (6,)).movedim(-1, 1),
    )
    agrees(LayerNorm(), Sequence(7, 6), reference=lambda _, x: F.layer_norm(x, (6,)))


def test_it_is_spelled_without_defaults() -> None:
    assert module(LayerNorm(), Vector(64)) == "nn.LayerNorm(64)"
    assert (
        module(LayerNorm(eps=0.1, bias=False), Vector(8)) == "nn.LayerNorm(8, eps=0.1, bias=False)"
    )
    assert module(LayerNorm(over="all"), Image(6, 5, 7)) == "nn.LayerNorm((6, 5, 7))"
    assert module(LayerNorm(over="all"), Vector(8)) == "nn.LayerNorm(8)"


def test_token_ids_are_refused() -> None:
    refuses(LayerNorm(), Tokens(12, 100), words="layer_norm cannot take token ids (12)")


def test_a_single_channel_is_refused() -> None:
    refuses(LayerNorm(), Vector(1), words="over one channel, a vector of 1 gives zeros")
    words = "over one number, a 1×1 sequence gives zeros"
    refuses(LayerNorm(over="all"), Sequence(1, 1), words=words)


def test_nodes_have_no_scale_each() -> None:
    words = "the nodes of a graph are not as many in each"
    refuses(LayerNorm(over="all"), Nodes(5, 6, 7), words=words, replacement="channels")
