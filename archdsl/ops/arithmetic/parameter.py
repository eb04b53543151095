"""A learned tensor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archdsl.ops.arithmetic._sized import sized
from archdsl.ops.base import Construct, Definition, Op, Spelling, Synonyms, Trait
from archdsl.ops.parameters import extent, real
from archdsl.ops.reads import Axis, Nothing, Reads
from archdsl.types import Outputs, TensorType, shape

_NOTHING = Nothing(alike=False)
_DEFINITION = Definition(
    "LearnedTensor",
    '''class LearnedTensor(nn.Module):
    """A learned tensor, the same for every sample."""

    def __init__(self, *sizes: int, init: float | None = None) -> None:
        super().__init__()
        self.value = nn.Parameter(torch.empty(sizes))
        if init is None:
            nn.init.normal_(self.value, std=0.02)
        else:
            nn.init.constant_(self.value, init)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.value.expand(x.shape[0], *self.value.shape)
''',
)


@dataclass(frozen=True)
class Parameter(Op):
    """A learned tensor, the same for every sample whatever flows in. Its kind follows from its
    sizes: parameter(64) is a vector, parameter(size(4, 64)) a sequence of 4 positions with 64
    features (learned queries), parameter(size(3, 8, 8)) an image. On graph nodes it is a vector for
    each. It starts as init, or left to itself at random with a standard deviation of 0.02.
    PyTorch: nn.Parameter, expanded to the batch.

    Errors: several sizes where graph nodes flow in.
    """

    size: int | tuple[int, ...] = extent()
    init: float | None = real(None)

    traits = frozenset({Trait.CONSTANT, Trait.STORED, Trait.AFFINE})
    example = "to_sequence -> concat(parameter(size(4, 3)), identity, axis=length)"
    synonyms = Synonyms(
        torch=("Parameter", "ParameterList"),
        others=("learned_tensor", "learned_queries", "weight", "variable", "Variable"),
    )
    attribute = "learned"

    def infer(self, *inputs: TensorType) -> TensorType:
        return sized("parameter", self.size, inputs[0])

    def params(self, *inputs: TensorType) -> int:
        product = 1
        for size in self._sizes():
            product *= size
        return product

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        """Nothing; no two places of the result are alike."""
        x = inputs[0]
        axes = len(self._sizes())
        first = x.parts[0] if isinstance(x, Outputs) else x
        return (
            Reads(tuple(Axis(k if k < axes else None, _NOTHING) for k in range(len(shape(first))))),
        )

    def spelling(self, *inputs: TensorType) -> Spelling:
        sizes = self._sizes()
        arguments: dict[str, Any] = {f"size{k}": size for k, size in enumerate(sizes, 1)}
        if self.init is not None:
            arguments["init"] = self.init
        module = Construct("LearnedTensor", arguments, positional=len(sizes))
        return Spelling(module, definitions=(_DEFINITION,))

    def _sizes(self) -> tuple[int, ...]:
        return (self.size,) if isinstance(self.size, int) else self.size
