"""Layer normalisation."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.norm._layout import over_last
from archdsl.ops.norm._single import gives_zeros
from archdsl.ops.parameters import flag, real, word
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.ops.reads import MIXED, OWN, Reads, each
from archdsl.types import Nodes, TensorType, channels, numel, shape


@dataclass(frozen=True)
class LayerNorm(Op):
    """Normalises the channels or features of each position, keeping the shape, with a learned scale
    and (bias=true) shift (Ba et al. 2016; on images as in ConvNeXt). ``over=all`` normalises all
    numbers of a sample together, with a scale and shift for each. PyTorch: nn.LayerNorm.

    Errors: a single channel, or number, whose norm would be 0; all numbers of graph nodes, of which
    there are not as many in each graph.
    """

    eps: float = real(1e-5, minimum=0)
    bias: bool = flag(True)
    over: str = word("channels", "all", default="channels")

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
        if self.over == "all" and isinstance(x, Nodes):
            raise _of_nodes()
        if self.over == "all" and numel(x) == 1:
            raise gives_zeros("one number", x, "more than one number")
        if self.over == "channels" and channels(x) == 1:
            raise gives_zeros("one channel", x, "more than one channel")
        return x

    def params(self, *inputs: TensorType) -> int:
        return self._together(inputs[0]) * (1 + self.bias)

    def saves(self, *inputs: TensorType) -> Saves:
        """Its input, and the mean and deviation of each position, or of all."""
        (x,) = inputs
        return Saves(inputs=(0,), per_sample=8 * (numel(x) // self._together(x)))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], OWN if self.over == "channels" else MIXED, MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        if self.over == "channels" or len(shape(x)) == 1:
            return Spelling(self._construct(channels(x)), apply=over_last(x))
        return Spelling(self._construct(shape(x)))

    def channels_last(self, x: TensorType) -> Spelling | None:
        return Spelling(self._construct(channels(x))) if self.over == "channels" else None

    def _construct(self, size: int | tuple[int, ...]) -> Construct:
        arguments = {
            "normalized_shape": size,
            "eps": self.eps,
            "bias": self.bias,
        }
        defaults = {"eps": 1e-5, "bias": True}
        return Construct("nn.LayerNorm", arguments, positional=1, defaults=defaults)

    def _together(self, x: TensorType) -> int:
        """How many numbers are normalised together."""
        return channels(x) if self.over == "channels" else numel(x)


def _of_nodes() -> OpError:
    return OpError(
        "the nodes of a graph are not as many in each, so they have no scale each",
        needed="`over=channels`, which normalises each node",
        argument="over",
        replacement="channels",
    )
