"""What activations share: each number by itself, the shape kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from archdsl.ops.arithmetic._elementwise import Elementwise
from archdsl.ops.base import Construct, Spelling, Trait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.types import TensorType

ACTIVATION = frozenset({Trait.ACTIVATION, Trait.ELEMENTWISE})


@dataclass(frozen=True)
class Activation(Elementwise):
    """A function of each number, never in place."""

    traits = ACTIVATION
    attribute = "act"
    torch_module: ClassVar[str]
    torch_function: ClassVar[str]
    defaults: ClassVar[Mapping[str, Any]] = {}  # PyTorch's, of the arguments that may be left out

    def spelling(self, *inputs: TensorType) -> Spelling:
        return self.spelled(self.arguments(inputs[0]))

    def spelled(self, arguments: Mapping[str, Any]) -> Spelling:
        """``nn.Softmax(dim=1)`` and ``F.softmax(x, dim=1)``."""
        module = Construct(self.torch_module, arguments, defaults=self.defaults)
        given = "".join(f", {name}={{{name}}}" for name in module.arguments)
        function = f"{self.torch_function}({{x}}{given})"
        return Spelling(module, function=function, values=module.arguments)

    def arguments(self, x: TensorType) -> dict[str, Any]:
        """PyTorch's arguments."""
        return {}
