"""Dropout."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import real
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.ops.reads import Reads, each
from archdsl.types import TensorType, numel


@dataclass(frozen=True)
class Dropout(Op):
    """In training zeroes numbers with a probability of `rate` and scales the rest up by
    1 / (1 - rate), keeping the shape (Srivastava et al. 2014). PyTorch: nn.Dropout.
    """

    rate: float = real(0.5, minimum=0, maximum=1)

    traits = frozenset({Trait.REGULARIZER, Trait.ELEMENTWISE, Trait.AFFINE})
    example = "dropout(0.1)"
    synonyms = Synonyms(
        torch=("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout"),
        keras=("Dropout", "SpatialDropout1D", "SpatialDropout2D"),
        others=("drop",),
        arguments={"p": "rate", "inplace": ""},
        takes=("rate",),
    )
    attribute = "dropout"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("dropout", x)
        return x

    def saves(self, *inputs: TensorType) -> Saves:
        """A mask, on a CPU of the input's size."""
        if self.rate == 1:
            return Saves(fixed=4)  # PyTorch multiplies by a single zero
        return Saves(per_sample=4 * numel(inputs[0])) if self.rate else Saves()

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return Saves()

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        module = Construct("nn.Dropout", {"p": self.rate}, positional=1, defaults={"p": 0.5})
        return Spelling(module)

    def channels_last(self, x: TensorType) -> Spelling | None:
        return self.spelling(x)
