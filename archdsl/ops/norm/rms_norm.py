"""Root mean square normalisation."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.norm._layout import over_last
from archdsl.ops.norm._single import gives_signs
from archdsl.ops.parameters import real
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.ops.reads import MIXED, Reads, each
from archdsl.types import TensorType, channels, numel


@dataclass(frozen=True)
class RmsNorm(Op):
    """Divides the channels or features of each position by their root mean square, keeping the
    shape, with a learned scale (Zhang & Sennrich 2019). eps left to itself is the smallest step of
    the number format. PyTorch: nn.RMSNorm.

    Errors: a single channel, of which only the sign would be left.
    """

    eps: float | None = real(None, minimum=0)

    traits = frozenset({Trait.NORM})
    example = "rms_norm"
    synonyms = Synonyms(
        torch=("RMSNorm",),
        keras=("RMSNormalization",),
        arguments={"normalized_shape": "", "epsilon": "eps"},
        takes=("", "eps"),
    )
    attribute = "norm"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("rms_norm", x)
        if channels(x) == 1:
            raise gives_signs("one channel", x, "more than one channel")
        return x

    def params(self, *inputs: TensorType) -> int:
        return channels(inputs[0])

    def saves(self, *inputs: TensorType) -> Saves:
        """Its input, the normalised input, and one number for each position."""
        (x,) = inputs
        return Saves(inputs=(0,), per_sample=4 * (numel(x) + numel(x) // channels(x)))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        return Spelling(self._construct(x), apply=over_last(x))

    def channels_last(self, x: TensorType) -> Spelling | None:
        return Spelling(self._construct(x))

    def _construct(self, x: TensorType) -> Construct:
        arguments = {"normalized_shape": channels(x), "eps": self.eps}
        return Construct("nn.RMSNorm", arguments, positional=1, defaults={"eps": None})
