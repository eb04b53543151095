"""Local response normalisation."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import real, whole
from archdsl.ops.plumbing._axes import SWAPPED, around
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.reads import Nearby, Reads, each
from archdsl.types import Sequence, TensorType, channels, numel


@dataclass(frozen=True)
class LocalResponseNorm(Op):
    """Divides each number by (k + alpha·mean of squares over `size` channels around it)^beta,
    keeping the shape (Krizhevsky et al. 2012). On images, volumes and sequences.

    PyTorch: nn.LocalResponseNorm.
    """

    size: int = whole(5)
    alpha: float = real(1e-4)
    beta: float = real(0.75)
    k: float = real(1.0)

    traits = frozenset({Trait.NORM})
    example = "local_response_norm"
    synonyms = Synonyms(
        torch=("LocalResponseNorm",), others=("lrn",), takes=("size", "alpha", "beta", "k")
    )
    attribute = "norm"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, GRIDS):
            raise wrong_kind("local_response_norm", x, GRIDS)
        return x

    def saves(self, *inputs: TensorType) -> Saves:
        """Its input, the divisor and its root, and the squares padded by size - 1 channels."""
        (x,) = inputs
        padded = (channels(x) + self.size - 1) * (numel(x) // channels(x))
        return Saves(inputs=(0,), per_sample=4 * (2 * numel(x) + padded))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=Nearby(self.size, before=self.size // 2)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        defaults = {"alpha": 1e-4, "beta": 0.75, "k": 1.0}
        arguments = {"size": self.size, **{name: getattr(self, name) for name in defaults}}
        module = Construct("nn.LocalResponseNorm", arguments, positional=1, defaults=defaults)
        given = "".join(f", {name}={{{name}}}" for name in list(module.arguments)[1:])
        return Spelling(
            module=module,
            apply=SWAPPED if isinstance(x, Sequence) else "{m}({x})",
            function=around(x, f"F.local_response_norm({{x}}, {{size}}{given})"),
            values=module.arguments,
        )
