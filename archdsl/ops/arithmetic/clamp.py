"""Numbers held between two bounds."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from archdsl.ops.arithmetic._elementwise import Elementwise
from archdsl.ops.base import OpError, Spelling, Synonyms, Trait, declare
from archdsl.ops.parameters import real

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Clamp(Elementwise):
    """Each number held between two bounds, one of which may be left out. clamp(0, 6) is relu6,
    clamp(-1, 1) a hard tanh. PyTorch: torch.clamp.

    Errors: no bound at all; a min that is not below max.
    """

    min: float | None = real(None)
    max: float | None = real(None)

    traits = frozenset({Trait.ACTIVATION, Trait.ELEMENTWISE})
    example = "clamp(-1, 1)"
    synonyms = Synonyms(
        torch=("clip", "Hardtanh", "clamp_", "clamp_min", "clamp_max"),
        keras=("Clip",),
        arguments={"min_val": "min", "max_val": "max", "inplace": ""},
        takes=("min", "max"),
    )

    def __post_init__(self) -> None:
        low = -inf if self.min is None else self.min
        high = inf if self.max is None else self.max
        rectifying = {Trait.RECTIFYING} if low == 0 else set[Trait]()
        declare(self, gives=(low, high), traits=type(self).traits | rectifying)

    def infer(self, *inputs: TensorType) -> TensorType:
        if self.min is None and self.max is None:
            raise OpError("clamp has no bound", needed="min, max or both", help="clamp(min=0)")
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise OpError(
                f"min={self.min:g} is not below max={self.max:g}",
                needed=f"a min below {self.max:g}",
                argument="min",
            )
        return super().infer(*inputs)

    def spelling(self, *inputs: TensorType) -> Spelling:
        bounds = {"min": self.min, "max": self.max}
        told = {name: value for name, value in bounds.items() if value is not None}
        given = ", ".join(f"{name}={{{name}}}" for name in told)
        return Spelling(function=f"{{x}}.clamp({given})", values=told)
