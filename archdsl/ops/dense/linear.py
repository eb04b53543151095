"""The fully connected layer."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import (
    Construct,
    DenseLayer,
    Op,
    OpError,
    Saves,
    Spelling,
    Synonyms,
    Trait,
)
from archdsl.ops.parameters import flag, whole
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.plumbing._weights import PLAIN, kept, lengths, made_weights, spelled
from archdsl.ops.reads import MIXED, Reads, each
from archdsl.types import (
    Image,
    Nodes,
    Sequence,
    TensorType,
    Vector,
    Volume,
    channels,
    numel,
    with_channels,
)

_ROWS = (Vector, Sequence, Nodes)


@dataclass(frozen=True)
class Linear(Op):
    """C → features on the last axis of a vector, a sequence or graph nodes: x·W + b.

    MACs: C·features for each position. PyTorch: nn.Linear; with weights=weight_norm or
    spectral_norm, in torch.nn.utils.parametrizations of that name.

    Errors: an image or a volume, which is to be flattened or pooled first.
    """

    features: int = whole()
    bias: bool = flag(True)
    weights: str = made_weights()

    traits = frozenset({Trait.WEIGHTED, Trait.DENSE, Trait.AFFINE})
    example = "flatten -> linear(10)"
    synonyms = Synonyms(
        torch=("Linear", "LazyLinear"),
        keras=("Dense",),
        others=("fc", "fully_connected", "FullyConnected"),
        arguments={
            "in_features": "",
            "out_features": "features",
            "units": "features",
            "use_bias": "bias",
            "input_shape": "",
            "input_dim": "",
        },
        takes=("", "features", "bias"),
    )
    attribute = "linear"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, _ROWS):
            raise self._misfit(x)
        return with_channels(x, self.features)

    def _misfit(self, x: TensorType) -> OpError:
        if not isinstance(x, (Image, Volume)):
            return wrong_kind("linear", x, _ROWS)
        help = f"flatten it or global_avg_pool it first, or take conv({self.features}, 1)"
        return wrong_kind("linear", x, _ROWS, help=help)

    def params(self, *inputs: TensorType) -> int:
        beside = lengths(self.weights, (self.features,))
        return (channels(inputs[0]) + self.bias) * self.features + beside

    def macs(self, *inputs: TensorType) -> int:
        return numel(inputs[0]) * self.features

    def saves(self, *inputs: TensorType) -> Saves:
        shape = (self.features, channels(inputs[0]))
        return Saves(inputs=(0,), fixed=kept(self.weights, shape, out=0))

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        """None where its weights are made of others, which an adapter cannot be added to."""
        (x,) = inputs
        if self.weights != PLAIN:
            return ()
        return (DenseLayer(channels(x), self.features, numel(x) // channels(x)),)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], channels=MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        arguments = {
            "in_features": channels(inputs[0]),
            "out_features": self.features,
            "bias": self.bias,
        }
        module = Construct("nn.Linear", arguments, positional=2, defaults={"bias": True})
        return spelled(Spelling(module), self.weights)
