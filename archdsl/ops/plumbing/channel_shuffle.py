"""Channels dealt out over groups."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, Spelling, Synonyms, Trait
from archdsl.ops.parameters import whole
from archdsl.ops.plumbing._kinds import undivided, wrong_kind
from archdsl.ops.reads import Dealt, Reads, each
from archdsl.types import Image, TensorType, Volume


@dataclass(frozen=True)
class ChannelShuffle(Op):
    """Deals the channels of each group out over the groups, keeping the shape (Zhang et al. 2017,
    ShuffleNet). On images and volumes. PyTorch: nn.ChannelShuffle.

    Errors: groups that do not divide the channels.
    """

    groups: int = whole()

    traits = frozenset({Trait.AFFINE})
    example = "conv(8, 3) -> channel_shuffle(2)"
    synonyms = Synonyms(torch=("ChannelShuffle",), takes=("groups",))
    attribute = "shuffle"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, (Image, Volume)):
            raise wrong_kind("channel_shuffle", x, (Image, Volume))
        if x.channels % self.groups:
            raise undivided("groups", self.groups, x.channels, "channels")
        return x

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=Dealt(self.groups)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        arguments = {"groups": self.groups}
        return Spelling(
            module=Construct("nn.ChannelShuffle", arguments, positional=1),
            function="F.channel_shuffle({x}, {groups})",
            values=arguments,
        )
