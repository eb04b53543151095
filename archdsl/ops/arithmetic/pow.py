"""A power of each number."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from archdsl.ops.arithmetic._elementwise import Elementwise
from archdsl.ops.base import OpError, Spelling, Synonyms, declare
from archdsl.ops.parameters import real

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Pow(Elementwise):
    """Each number to a constant power. pow(2) is the square, pow(-1) one over it, pow(0.5) the
    square root. With a power that is no whole number they are not to be negative.
    PyTorch: torch.pow.

    Errors: a power of 0, which makes 1 of everything, or of 1, which changes nothing.
    """

    power: float = real()

    example = "pow(2)"
    synonyms = Synonyms(
        torch=("pow_", "square", "float_power", "reciprocal"),
        keras=("Power", "Square"),
        others=("power", "squared"),
        arguments={"exponent": "power"},
        takes=("power",),
    )

    def __post_init__(self) -> None:
        if self.power % 2 == 0 or self.power % 1:
            declare(self, gives=(0, inf))

    def infer(self, *inputs: TensorType) -> TensorType:
        if self.power in (0, 1):
            told = "makes 1 of every number" if self.power == 0 else "leaves every number as it is"
            raise OpError(
                f"a power of {self.power:g} {told}",
                needed="another power",
                help="constant(1.0) is a one" if self.power == 0 else "leave it out",
                argument="power",
            )
        return super().infer(*inputs)

    def spelling(self, *inputs: TensorType) -> Spelling:
        power = int(self.power) if self.power == int(self.power) else self.power
        if power == 2:
            return Spelling(function="{x}.square()")
        return Spelling(function="{x}.pow({exponent})", values={"exponent": power})
