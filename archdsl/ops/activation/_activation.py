"""What activations share: each number by itself, the shape kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from archdsl.ops.arithmetic._elementwise import Elementwise
from archdsl.ops.base import Construct, Spelling, Trait

if TYPE_CHECKING:
    from archdsl.types import TensorType

ACTIVATION = frozenset({Trait.ACTIVATION, Trait.ELEMENTWISE})


@dataclass(frozen=True)
class Activation(Elementwise):
    """A function of each number, never in place."""

    traits = ACTIVATION
    attribute = "act"
    torch_module: ClassVar[str]
    torch_function: ClassVar[str]

    def spelling(self, *inputs: TensorType) -> Spelling:
        return spelled(self.torch_module, self.torch_function, self.arguments(inputs[0]))

    def arguments(self, x: TensorType) -> dict[str, Any]:
        """PyTorch's arguments beyond its defaults."""
        return {}


def spelled(module: str, function: str, arguments: dict[str, Any]) -> Spelling:
    """``nn.Softmax(dim=1)`` and ``F.softmax(x, dim=1)``."""
    given = "".join(f", {name}={{{name}}}" for name in arguments)
    return Spelling(
        module=Construct(module, arguments),
        function=f"{function}({{x}}{given})",
        values=arguments,
    )
