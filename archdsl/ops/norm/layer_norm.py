"""Layer normalisation."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.norm._layout import over_last
from archdsl.ops.norm._single import gives_zeros
from archdsl.ops.parameters import flag, real
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.ops.reads import MIXED, Reads, each
from archdsl.types import TensorType, channels, numel


@dataclass(frozen=True)
class LayerNorm(Op):
    """Normalises the channels or features of each position, keeping the shape, with a learned scale
    and (bias=true) shift (Ba et al. 2016; on images as in ConvNeXt). PyTorch: nn.LayerNorm.

    Errors: a single channel, whose norm would be 0.
    """

    eps: float = real(1e-5, minimum=0)
    bias: bool = flag(True)

    traits = frozenset({Trait.NORM})
    example = "layer_norm"
    synonyms = Synonyms(
        torch=("LayerNorm",),
        keras=("LayerNormalization",),
        others=("ln",),
        arguments={"normalized_shape": "", "epsilon": "eps", "elementwise_affine": ""},
        takes=("", "eps"),
    )
    attribute = "norm"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("layer_norm", x)
        if channels(x) == 1:
            raise gives_zeros("one channel", x, "more than one channel")
        return x

    def params(self, *inputs: TensorType) -> int:
        return channels(inputs[0]) * (1 + self.bias)

    def saves(self, *inputs: TensorType) -> Saves:
        """Its input, and the mean and deviation of each position."""
        (x,) = inputs
        return Saves(inputs=(0,), per_sample=8 * (numel(x) // channels(x)))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        arguments = {
            "normalized_shape": channels(x),
            **({} if self.eps == 1e-5 else {"eps": self.eps}),
            **({} if self.bias else {"bias": False}),
        }
        return Spelling(Construct("nn.LayerNorm", arguments, positional=1), apply=over_last(x))
