"""One factor for all numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.arithmetic._elementwise import KEEPS_INPUT, Elementwise
from archdsl.ops.base import Construct, Definition, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import flag, real

if TYPE_CHECKING:
    from archdsl.types import TensorType

_LEARNED = Definition(
    "Scale",
    '''class Scale(nn.Module):
    """Multiplies all numbers by one learned factor."""

    def __init__(self, init: float) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(init))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.factor
''',
)


@dataclass(frozen=True)
class Scale(Elementwise):
    """Multiplies all numbers by one factor, keeping the shape. It is a constant (scale(0.17), as in
    Szegedy et al. 2016), or with learned=true one that starts there and that training changes:
    scale(0.0, learned=true) is ReZero (Bachlechner et al. 2020). layer_scale learns one for each
    channel. PyTorch: the operator * with a number, or an nn.Parameter.
    """

    factor: float = real()
    learned: bool = flag(False)

    traits = frozenset({Trait.SCALING, Trait.ELEMENTWISE, Trait.AFFINE})
    example = "scale(0.5)"
    synonyms = Synonyms(
        keras=("Rescaling",),
        others=("Scale", "ReZero", "rezero", "scalar", "Lambda", "neg", "negative"),
    )
    attribute = "scale"

    def params(self, *inputs: TensorType) -> int:
        return int(self.learned)

    def saves(self, *inputs: TensorType) -> Saves:
        return KEEPS_INPUT if self.learned else Saves()

    def spelling(self, *inputs: TensorType) -> Spelling:
        if self.learned:
            module = Construct("Scale", {"init": self.factor}, positional=1)
            return Spelling(module, definitions=(_LEARNED,))
        factor = {"factor": self.factor}
        return Spelling(function="{x} * {factor}", values=factor, precedence="product")
