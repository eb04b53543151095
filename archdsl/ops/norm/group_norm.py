"""Group normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from archdsl.ops.base import Construct, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.norm._layout import copied
from archdsl.ops.norm._single import gives_zeros
from archdsl.ops.parameters import flag, real, whole
from archdsl.ops.plumbing._axes import SWAPPED
from archdsl.ops.plumbing._kinds import FEATURES, near_divisors, undivided, wrong_kind
from archdsl.ops.reads import OWN, TOGETHER, Blocks, Reads, each
from archdsl.types import Nodes, Sequence, TensorType, channels, numel, spatial


@dataclass(frozen=True)
class GroupNorm(Op):
    """Normalises groups of channels over all positions of a sample, keeping the shape;
    affine=true learns a scale and a shift for each channel (Wu & He 2018).

    PyTorch: nn.GroupNorm.

    Errors: groups that do not divide the channels; groups of one value, whose norm would be 0.
    """

    groups: int = whole()
    eps: float = real(1e-5, minimum=0)
    affine: bool = flag(True)

    traits = frozenset({Trait.NORM})
    example = "conv(8, 3) -> group_norm(4)"
    synonyms = Synonyms(
        torch=("GroupNorm",),
        keras=("GroupNormalization",),
        others=("gn",),
        arguments={"num_groups": "groups", "num_channels": "", "epsilon": "eps"},
        takes=("groups", "", "eps", "affine"),
    )
    attribute = "norm"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("group_norm", x)
        if channels(x) % self.groups:
            raise undivided("groups", self.groups, channels(x), "channels")
        if self._values(x) == 1:
            raise self._of_one_value(x)
        return x

    def _values(self, x: TensorType) -> int:
        """How many numbers one group holds."""
        return channels(x) // self.groups * prod(spatial(x))

    def _of_one_value(self, x: TensorType) -> OpError:
        if self.groups == 1:
            return gives_zeros("one value", x, "more than one value")
        fewer = near_divisors(channels(x), self.groups - 1)[0]
        error = gives_zeros("groups of one value each", x, "groups of several values")
        error.help = f"`group_norm({fewer})` has {channels(x) // fewer} in each"
        error.argument = "groups"
        return error

    def params(self, *inputs: TensorType) -> int:
        return 2 * channels(inputs[0]) if self.affine else 0

    def saves(self, *inputs: TensorType) -> Saves:
        """Its input (of a sequence a copy), and the mean and deviation of each group."""
        (x,) = inputs
        statistics = 8 * self.groups * (x.nodes if isinstance(x, Nodes) else 1)
        if copied(x):
            return Saves(per_sample=4 * numel(x) + statistics)
        return Saves(inputs=(0,), per_sample=statistics)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        size = channels(x) // self.groups
        return (each(x, OWN if isinstance(x, Nodes) else TOGETHER, Blocks(size, size)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        arguments = {
            "num_groups": self.groups,
            "num_channels": channels(x),
            "eps": self.eps,
            "affine": self.affine,
        }
        defaults = {"eps": 1e-5, "affine": True}
        module = Construct("nn.GroupNorm", arguments, positional=2, defaults=defaults)
        return Spelling(module, apply=SWAPPED if isinstance(x, Sequence) else "{m}({x})")
