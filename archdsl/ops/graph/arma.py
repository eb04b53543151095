"""Auto-regressive moving-average graph convolution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.graph._edges import ENDS, kept, nodes_of, of_library
from archdsl.ops.parameters import flag, real, whole, word
from archdsl.ops.reads import MIXED, Neighbours, Reads, each

if TYPE_CHECKING:
    from archdsl.types import Nodes, TensorType

_DEFAULTS = {
    "num_stacks": 1,
    "num_layers": 1,
    "shared_weights": False,
    "dropout": 0.0,
    "bias": True,
}


@dataclass(frozen=True)
class Arma(Op):
    """N×C → N×features: the mean of ``stacks`` stacks, each of ``layers`` layers that multiply the
    neighbours' sum by one matrix, what flowed into the op by another, and apply ``act`` to the sum
    of both (ARMA filters, Bianchi et al., 2021).

    Neighbours are weighted by 1 / sqrt(degree · degree). With ``shared`` the layers of a stack have
    the same weights. ``dropout`` acts on what flowed into the op. ``act=identity`` leaves out the
    activation, for instance where the op gives the model's result.

    PyTorch Geometric's ARMAConv makes the features×features matrix between two layers even where
    there is one layer. It is counted there, though nothing reads it.
    MACs: stacks·N·features·(C·(layers + 1) + features·(layers - 1)); what is added along edges is
    not counted.

    Errors: anything but the nodes of a graph.
    """

    features: int = whole()
    stacks: int = whole(1)
    layers: int = whole(1)
    shared: bool = flag(False)
    act: str = word("relu", "identity", default="relu")
    dropout: float = real(0.0, minimum=0, maximum=1)
    bias: bool = flag(True)

    traits = frozenset({Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.MIXES_POSITIONS})
    example = "arma(16, stacks=3, layers=2)"
    synonyms = Synonyms(torch=("ARMAConv",))
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        return nodes_of("arma", inputs[0])._replace(features=self.features)

    def params(self, *inputs: TensorType) -> int:
        x = nodes_of("arma", inputs[0])
        own = 1 if self.shared else self.layers
        first = x.features * (own + 1)
        between = self.features * max(own - 1, 1)
        return self.stacks * self.features * (first + between + self.bias * own)

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("arma", inputs[0])
        reads = x.features * (self.layers + 1) + self.features * (self.layers - 1)
        return self.stacks * x.nodes * self.features * reads

    def saves(self, *inputs: TensorType) -> Saves:
        """The ends and weights of edges; of each layer its result, and dropout's mask and result.

        With several stacks PyTorch copies the matrices that one input meets in all of them.
        """
        x = nodes_of("arma", inputs[0])
        results = self._results() * self.stacks * x.nodes * self.features
        dropped = 2 * self.layers * bool(self.dropout) * x.nodes * x.features
        saves = kept(x, 4 * (x.edges + results + dropped), context=ENDS)
        return saves._replace(fixed=saves.fixed + self._copied(x))

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return replace(self, dropout=0.0).saves(*inputs)

    def is_affine(self) -> bool:
        return self.act == "identity"

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(self.layers), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = nodes_of("arma", inputs[0])
        arguments = {
            "in_channels": x.features,
            "out_channels": self.features,
            "num_stacks": self.stacks,
            "num_layers": self.layers,
            "shared_weights": self.shared,
            **({} if self.act == "relu" else {"act": None}),  # whose default is no literal
            "dropout": self.dropout,
            "bias": self.bias,
        }
        return of_library(Construct("ARMAConv", arguments, positional=2, defaults=_DEFAULTS))

    def _results(self) -> int:
        """Layers whose result is kept: by the activation, else by the matrix of the next layer."""
        return self.layers if self.act == "relu" else self.layers - 1

    def _copied(self, x: Nodes) -> int:
        if self.stacks == 1:
            return 0
        return 4 * (self.layers + 1) * self.stacks * x.features * self.features
