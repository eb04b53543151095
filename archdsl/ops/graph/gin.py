"""Graph isomorphism."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import (
    Construct,
    Definition,
    DenseLayer,
    Op,
    OpError,
    Saves,
    Spelling,
    Synonyms,
    Trait,
)
from archdsl.ops.graph._edges import ALONG_EDGES, ENDS, kept, nodes_of
from archdsl.ops.parameters import whole
from archdsl.ops.reads import MIXED, Neighbours, Reads, each

if TYPE_CHECKING:
    from archdsl.types import Nodes, TensorType

GIN_CONV = Definition(
    "gin_conv",
    '''\
def gin_conv(in_channels: int, hidden: int, out_channels: int) -> GINConv:
    """The sum of a node and its neighbours, through two layers."""
    mlp = nn.Sequential(
        nn.Linear(in_channels, hidden),
        nn.ReLU(),
        nn.Linear(hidden, out_channels),
    )
    return GINConv(mlp)
''',
    imports=("from torch_geometric.nn import GINConv",),
)

GIN_LINEAR = Definition(
    "gin_linear",
    '''\
def gin_linear(in_channels: int, out_channels: int) -> GINConv:
    """The sum of a node and its neighbours, through one layer."""
    return GINConv(nn.Linear(in_channels, out_channels))
''',
    imports=("from torch_geometric.nn import GINConv",),
)


@dataclass(frozen=True)
class Gin(Op):
    """N×C → N×features: the sum of a node and its neighbours through two layers with a ReLU
    between them, C → hidden → features (GIN, Xu et al., 2019).

    ``hidden`` is as wide as ``features`` by default, as in PyTorch Geometric's GIN. ``layers=1``
    takes one layer instead, C → features, the paper's 1-layer perceptron.
    MACs: N·(C·hidden + hidden·features), with one layer N·C·features; what is added along edges is
    not counted. PyTorch Geometric: GINConv.

    Errors: anything but the nodes of a graph; ``hidden`` with one layer.
    """

    features: int = whole()
    hidden: int | None = whole(None)
    layers: int = whole(2, maximum=2)

    traits = frozenset({Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.MIXES_POSITIONS})
    example = "gin(64)"
    synonyms = Synonyms(torch=("GINConv",))
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        x = nodes_of("gin", inputs[0])
        if self.hidden is not None and self.layers == 1:
            raise _nothing_hidden(self.hidden)
        return x._replace(features=self.features)

    def params(self, *inputs: TensorType) -> int:
        sizes = self._sizes(nodes_of("gin", inputs[0]))
        return sum((taken + 1) * given for taken, given in pairwise(sizes))

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("gin", inputs[0])
        return x.nodes * sum(taken * given for taken, given in pairwise(self._sizes(x)))

    def saves(self, *inputs: TensorType) -> Saves:
        """The ends of edges, 1 + epsilon, and what flows into the layers."""
        x = nodes_of("gin", inputs[0])
        into_layers = x.nodes * sum(self._sizes(x)[:-1])
        saves = kept(x, 4 * into_layers, inputs=(), context=ENDS)
        return saves._replace(fixed=saves.fixed + 4)

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        x = nodes_of("gin", inputs[0])
        return tuple(DenseLayer(*pair, x.nodes) for pair in pairwise(self._sizes(x)))

    def is_affine(self) -> bool:
        return self.layers == 1

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        sizes = self._sizes(nodes_of("gin", inputs[0]))
        written = GIN_LINEAR if self.layers == 1 else GIN_CONV
        names = ("in_channels", *(("hidden",) if self.layers == 2 else ()), "out_channels")
        return Spelling(
            module=Construct(written.name, dict(zip(names, sizes, strict=True)), len(sizes)),
            apply=ALONG_EDGES,
            context=("edge_index",),
            definitions=(written,),
        )

    def _sizes(self, x: Nodes) -> tuple[int, ...]:
        """Features that flow into each layer, and those that flow out of the last."""
        if self.layers == 1:
            return (x.features, self.features)
        return (x.features, self.hidden or self.features, self.features)


def _nothing_hidden(hidden: int) -> OpError:
    return OpError(
        f"hidden={hidden} is the width between two layers, and there is one layer",
        needed="`hidden` left out, or `layers=2`",
        argument="hidden",
    )
