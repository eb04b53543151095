"""Average pooling to a size."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import extent
from archdsl.ops.plumbing._axes import SWAPPED, around, short, spread
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.reads import Parts, Reads, each
from archdsl.types import Sequence, TensorType, channels, resized, spatial


@dataclass(frozen=True)
class AdaptiveAvgPool(Op):
    """C×H×W → C×size×size, means over windows that part the input; also on volumes and sequences.

    PyTorch: nn.AdaptiveAvgPool2d. global_avg_pool gives a vector instead of a 1×1 image.

    Errors: a size with another number of sizes than the input has axes.
    """

    size: int | tuple[int, ...] = extent()

    traits = frozenset({Trait.POOLING, Trait.DOWNSAMPLING, Trait.MIXES_POSITIONS, Trait.AFFINE})
    example = "adaptive_avg_pool(7)"
    synonyms = Synonyms(
        torch=(
            "AdaptiveAvgPool1d",
            "AdaptiveAvgPool2d",
            "AdaptiveAvgPool3d",
            "adaptive_avg_pool2d",
        ),
        arguments={"output_size": "size"},
        takes=("size",),
    )
    attribute = "pool"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, GRIDS):
            raise wrong_kind("adaptive_avg_pool", x, GRIDS)
        return resized(x, channels(x), spread("size", self.size, len(spatial(x))))

    def saves(self, *inputs: TensorType) -> Saves:
        """Its input; nothing when all becomes one number, which PyTorch takes as a mean."""
        sizes = spread("size", self.size, len(spatial(inputs[0])))
        return Saves() if set(sizes) == {1} else Saves(inputs=(0,))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        return (each(x, [Parts(n) for n in spread("size", self.size, len(spatial(x)))]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        axes = len(spatial(x))
        size = short(spread("size", self.size, axes))
        return Spelling(
            module=Construct(f"nn.AdaptiveAvgPool{axes}d", {"output_size": size}, positional=1),
            apply=SWAPPED if isinstance(x, Sequence) else "{m}({x})",
            function=around(x, f"F.adaptive_avg_pool{axes}d({{x}}, {{output_size}})"),
            values={"output_size": size},
        )
