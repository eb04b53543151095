"""Instance normalisation."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.norm._layout import copied
from archdsl.ops.norm._single import gives_zeros
from archdsl.ops.parameters import flag, real
from archdsl.ops.plumbing._axes import SWAPPED
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.reads import TOGETHER, Own, Reads, each
from archdsl.types import Sequence, TensorType, channels, numel, spatial


@dataclass(frozen=True)
class InstanceNorm(Op):
    """Normalises each channel of a sample over its positions, keeping the shape (Ulyanov et al.
    2016); affine=true learns a scale and a shift for each channel. On images, volumes
    and sequences.

    PyTorch: nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d.

    Errors: an input with a single position, whose norm would be 0.
    """

    eps: float = real(1e-5, minimum=0)
    affine: bool = flag(False)

    traits = frozenset({Trait.NORM, Trait.CENTERING})
    example = "instance_norm"
    synonyms = Synonyms(
        torch=("InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"),
        arguments={"num_features": ""},
        takes=("", "eps"),
    )
    attribute = "norm"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, GRIDS):
            raise wrong_kind("instance_norm", x, GRIDS)
        if numel(x) == channels(x):
            raise gives_zeros("one position", x, "more than one position")
        return x

    def params(self, *inputs: TensorType) -> int:
        return 2 * channels(inputs[0]) if self.affine else 0

    def saves(self, *inputs: TensorType) -> Saves:
        """Its input (of a sequence a copy), mean and deviation of each channel, and its scale."""
        (x,) = inputs
        statistics = (12 if self.affine else 8) * channels(x)
        if copied(x):
            return Saves(per_sample=4 * numel(x) + statistics)
        return Saves(inputs=(0,), per_sample=statistics)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], TOGETHER, Own(alike=not self.affine)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        name = f"nn.InstanceNorm{len(spatial(x))}d"
        arguments = {"num_features": channels(x), "affine": self.affine, "eps": self.eps}
        defaults = {"affine": False, "eps": 1e-5}
        module = Construct(name, arguments, positional=1, defaults=defaults)
        return Spelling(module, apply=SWAPPED if isinstance(x, Sequence) else "{m}({x})")
