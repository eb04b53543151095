"""``channel_shuffle`` deals channels out over groups."""

from __future__ import annotations

from archdsl.ops.plumbing.channel_shuffle import ChannelShuffle
from archdsl.types import Image, Vector, Volume
from tests.ops.against_torch import agrees, module, refuses


def test_it_does_what_it_foretold() -> None:
    agrees(
        ChannelShuffle(2),
        Image(6, 5, 7),
        reference=lambda x: x[:, [0, 3, 1, 4, 2, 5]],
    )
    agrees(ChannelShuffle(2), Volume(4, 2, 3, 4))
    assert module(ChannelShuffle(2), Image(6, 5, 7)) == "nn.ChannelShuffle(2)"


def test_groups_must_divide_the_channels() -> None:
    words = "groups=4 does not divide 58 channels; 2 or 29 do"
    refuses(ChannelShuffle(4), Image(58, 5, 7), words=words, argument="groups")


def test_vectors_are_refused() -> None:
    refuses(ChannelShuffle(3), Vector(9), words="channel_shuffle cannot take a vector (9)")
