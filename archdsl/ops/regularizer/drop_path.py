"""Stochastic depth."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Definition, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import real
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.ops.reads import Reads, each
from archdsl.types import Nodes, TensorType

_CLASS = Definition(
    "DropPath",
    '''class DropPath(nn.Module):
    """In training, drops whole samples of a branch at random (stochastic depth)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.rate == 0.0:
            return x
        keep = 1.0 - self.rate
        mask = x.new_empty((x.shape[0],) + (1,) * (x.dim() - 1)).bernoulli_(keep)
        return x * mask.div_(keep)
''',
)


@dataclass(frozen=True)
class DropPath(Op):
    """In training zeroes a whole sample with a probability of `rate` and scales the rest up by
    1 / (1 - rate), keeping the shape: stochastic depth, for residual branches (Huang et al. 2016).

    PyTorch: as torchvision.ops.StochasticDepth with mode="row".

    Errors: rate=1, which keeps nothing; graph nodes, which are no samples.
    """

    rate: float = real(minimum=0, maximum=1)

    traits = frozenset({Trait.REGULARIZER, Trait.DROPS_SAMPLES, Trait.ELEMENTWISE, Trait.AFFINE})
    example = "drop_path(0.1)"
    synonyms = Synonyms(
        torch=("StochasticDepth", "stochastic_depth"),
        others=("DropPath",),
        arguments={"p": "rate", "drop_prob": "rate"},
    )
    attribute = "drop_path"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES) or isinstance(x, Nodes):
            raise wrong_kind("drop_path", x, FEATURES[:-1])
        if self.rate == 1:
            raise OpError("rate=1 drops every sample", needed="less than 1", argument="rate")
        return x

    def saves(self, *inputs: TensorType) -> Saves:
        """One number for each sample."""
        return Saves(per_sample=4) if self.rate else Saves()

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return Saves()

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        module = Construct("DropPath", {"rate": self.rate}, positional=1)
        return Spelling(module, definitions=(_CLASS,))

    def channels_last(self, x: TensorType) -> Spelling | None:
        return self.spelling(x)
