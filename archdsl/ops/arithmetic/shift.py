"""Something added to all numbers."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.arithmetic._elementwise import Elementwise
from archdsl.ops.base import Construct, Definition, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import flag, real
from archdsl.ops.plumbing._per_channel import per_channel
from archdsl.ops.reads import OWN, WEIGHED, Reads, each
from archdsl.types import TensorType, channels

_SOURCE = '''class {name}(nn.Module):
    """Adds a learned number to each channel."""

    def __init__(self, channels: int, init: float = 0.0) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.full((channels,), init))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.bias{index}
'''

_ONE_FOR_ALL = Definition(
    "ScalarShift",
    '''class ScalarShift(nn.Module):
    """Adds one learned number to all numbers."""

    def __init__(self, init: float) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.tensor(init))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.bias
''',
)


@dataclass(frozen=True)
class Shift(Elementwise):
    """Adds a number to all numbers, keeping the shape. It is a constant (shift(0.5)), or with
    learned=true one for each channel or feature, which start there and which training changes:
    layer_scale(1) -> shift(0.0, learned=true) is the Affine of ResMLP (Touvron et al. 2021). With
    per_channel=false one learned number is added to all, as in the StarReLU of CAFormer (Yu et al.
    2022). PyTorch: the operator + with a number, or an nn.Parameter.

    Errors: per_channel=false where nothing is learned.
    """

    amount: float = real()
    learned: bool = flag(False)
    per_channel: bool = flag(True)

    traits = frozenset({Trait.ELEMENTWISE, Trait.AFFINE})
    example = "shift(0.5)"
    synonyms = Synonyms(others=("bias", "offset", "Shift"))
    attribute = "shift"
    keeps = Saves()

    def infer(self, *inputs: TensorType) -> TensorType:
        if not self.learned and not self.per_channel:
            raise OpError(
                "per_channel says nothing where nothing is learned",
                needed="learned=true beside it",
                argument="per_channel",
                replacement="true",
            )
        return super().infer(*inputs)

    def params(self, *inputs: TensorType) -> int:
        if not self.learned:
            return 0
        return channels(inputs[0]) if self.per_channel else 1

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        weighed = self.learned and self.per_channel
        return (each(inputs[0], channels=WEIGHED if weighed else OWN),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        if self.learned and self.per_channel:
            return per_channel("Shift", _SOURCE, inputs[0], self.amount, usual=0.0)
        if self.learned:
            module = Construct(_ONE_FOR_ALL.name, {"init": self.amount}, positional=1)
            return Spelling(module, definitions=(_ONE_FOR_ALL,))
        sign = "-" if self.amount < 0 else "+"
        values = {"amount": abs(self.amount)}
        return Spelling(function=f"{{x}} {sign} {{amount}}", values=values, precedence="sum")

    def channels_last(self, x: TensorType) -> Spelling | None:
        if self.learned and self.per_channel:
            return per_channel("Shift", _SOURCE, x, self.amount, usual=0, last=True)
        return self.spelling(x)
