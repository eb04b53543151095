"""A learned factor for each channel."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Definition, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import real
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.ops.reads import WEIGHED, Reads, each
from archdsl.types import Image, TensorType, Volume, channels

_SOURCE = '''class {name}(nn.Module):
    """Multiplies each channel by a learned factor."""

    def __init__(self, channels: int, init: float = 1e-6) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.full((channels,), init))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.gamma{index}
'''


@dataclass(frozen=True)
class LayerScale(Op):
    """Multiplies each channel by a learned factor that starts at `init`, keeping the shape; for the
    end of a residual branch (Touvron et al. 2021). PyTorch: as timm.layers.LayerScale.
    """

    init: float = real(1e-6)

    traits = frozenset({Trait.SCALING, Trait.ELEMENTWISE, Trait.AFFINE})
    example = "layer_scale"
    synonyms = Synonyms(others=("LayerScale",))
    attribute = "scale"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("layer_scale", x)
        return x

    def params(self, *inputs: TensorType) -> int:
        return channels(inputs[0])

    def saves(self, *inputs: TensorType) -> Saves:
        return Saves(inputs=(0,))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=WEIGHED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        definition = _definition(x)
        init = {} if self.init == 1e-6 else {"init": self.init}
        module = Construct(definition.name, {"channels": channels(x), **init}, positional=1)
        return Spelling(module, definitions=(definition,))


def _definition(x: TensorType) -> Definition:
    suffix, index = "", ""
    if isinstance(x, Image):
        suffix, index = "2d", "[:, None, None]"
    elif isinstance(x, Volume):
        suffix, index = "3d", "[:, None, None, None]"
    name = f"LayerScale{suffix}"
    return Definition(name, _SOURCE.format(name=name, index=index))
