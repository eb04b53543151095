"""A tensor of one number."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.arithmetic._sized import sized
from archdsl.ops.base import Op, Spelling, Synonyms, Trait, declare
from archdsl.ops.parameters import extent, real
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.ops.reads import Reads, nothing
from archdsl.types import Nodes, TensorType, Tokens, shape


@dataclass(frozen=True)
class Constant(Op):
    """One number at every place, whatever flows in: of the shape of what flows in, or of a size, as
    for parameter: constant(1.0, 64) is a vector of ones, constant(1.0, size(4, 64)) a sequence.
    PyTorch: torch.full, torch.full_like.

    Errors: several sizes where graph nodes flow in; token ids whose shape is to be taken.
    """

    value: float = real()
    size: int | tuple[int, ...] | None = extent(None)

    traits = frozenset({Trait.CONSTANT, Trait.AFFINE})
    example = "subtract(constant(1.0), sigmoid)"
    synonyms = Synonyms(
        torch=("full", "full_like", "ones", "ones_like"),
        others=("fill",),
        arguments={"fill_value": "value"},
    )

    def __post_init__(self) -> None:
        declare(self, gives=(self.value, self.value))

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if self.size is not None:
            return sized("constant", self.size, x)
        if not isinstance(x, FEATURES):
            raise wrong_kind("constant", x)
        return x

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (nothing(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        values: dict[str, float | int] = {"value": self.value}
        if self.size is None:
            return Spelling(function="torch.full_like({x}, {value})", values=values)
        out = self.infer(x)
        sizes = shape(out)[1:] if isinstance(out, Nodes) else shape(out)
        names = [f"size{axis}" for axis in range(1, len(sizes) + 1)]
        values.update(zip(names, sizes, strict=True))
        given = ", ".join(("{x}.shape[0]", *(f"{{{name}}}" for name in names)))
        text = f"{{x}}.new_full(({given}), {{value}})"
        if isinstance(x, Tokens):
            text = f"torch.full(({given}), {{value}}, device={{x}}.device)"
        return Spelling(function=text, values=values)
