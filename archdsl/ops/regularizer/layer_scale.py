"""A learned factor for each channel."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.arithmetic._elementwise import Elementwise
from archdsl.ops.base import Spelling, Synonyms, Trait
from archdsl.ops.parameters import real
from archdsl.ops.plumbing._per_channel import per_channel
from archdsl.ops.reads import WEIGHED, Reads, each
from archdsl.types import TensorType, channels

_SOURCE = '''class {name}(nn.Module):
    """Multiplies each channel by a learned factor."""

    def __init__(self, channels: int, init: float = 1e-6) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.full((channels,), init))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.gamma{index}
'''


@dataclass(frozen=True)
class LayerScale(Elementwise):
    """Multiplies each channel by a learned factor that starts at `init`, keeping the shape; for the
    end of a residual branch (Touvron et al. 2021). PyTorch: as timm.layers.LayerScale.
    """

    init: float = real(1e-6)

    traits = frozenset({Trait.SCALING, Trait.ELEMENTWISE, Trait.AFFINE})
    example = "layer_scale"
    synonyms = Synonyms(others=("LayerScale",))
    attribute = "scale"

    def params(self, *inputs: TensorType) -> int:
        return channels(inputs[0])

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=WEIGHED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        return per_channel("LayerScale", _SOURCE, inputs[0], self.init, usual=1e-6)

    def channels_last(self, x: TensorType) -> Spelling | None:
        return per_channel("LayerScale", _SOURCE, x, self.init, usual=1e-6, last=True)
