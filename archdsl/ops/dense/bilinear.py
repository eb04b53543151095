"""A product of two branches with weights."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Branches, Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.merge._alike import unequal
from archdsl.ops.parameters import flag, whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import MIXED, Reads, each
from archdsl.types import Nodes, Sequence, TensorType, Vector, channels, numel, with_channels

_ROWS = (Vector, Sequence, Nodes)


@dataclass(frozen=True)
class Bilinear(Op):
    """A, B → features on the last axis of two branches: a·W·b + bias for each feature.

    MACs: A·B·features for each position (torch's counter takes it for 0). PyTorch: nn.Bilinear.

    Errors: branches that differ in kind or in positions; images and volumes.
    """

    features: int = whole()
    bias: bool = flag(True)

    traits = frozenset({Trait.MERGE, Trait.WEIGHTED, Trait.DENSE})
    branches = Branches(names=("a", "b"), with_flow=False)
    example = "flatten -> bilinear(linear(8), linear(6), 10)"
    synonyms = Synonyms(torch=("Bilinear",))
    attribute = "bilinear"

    def infer(self, *inputs: TensorType) -> TensorType:
        a, b = inputs
        for x in inputs:
            if not isinstance(x, _ROWS):
                raise wrong_kind("bilinear", x, _ROWS)
        if with_channels(b, channels(a)) != a:
            misfit = unequal("bilinear", inputs)
            misfit.needed, misfit.help = "branches that differ in their features only", ""
            raise misfit
        return with_channels(a, self.features)

    def params(self, *inputs: TensorType) -> int:
        a, b = inputs
        return self.features * (channels(a) * channels(b) + self.bias)

    def macs(self, *inputs: TensorType) -> int:
        a, b = inputs
        return numel(a) * channels(b) * self.features

    def saves(self, *inputs: TensorType) -> Saves:
        return Saves(inputs=(0, 1))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return tuple(each(x, channels=MIXED, source=k) for k, x in enumerate(inputs))

    def spelling(self, *inputs: TensorType) -> Spelling:
        a, b = inputs
        arguments = {
            "in1_features": channels(a),
            "in2_features": channels(b),
            "out_features": self.features,
            "bias": self.bias,
        }
        module = Construct("nn.Bilinear", arguments, positional=3, defaults={"bias": True})
        return Spelling(module, apply="{m}({0}, {1})")
