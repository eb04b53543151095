"""Layers over the edges of a graph."""

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
from archdsl.ops.graph._edges import ENDS, along, kept, nodes_of
from archdsl.ops.parameters import whole, word
from archdsl.ops.reads import MIXED, Neighbours, Reads, each

if TYPE_CHECKING:
    from archdsl.types import TensorType

EDGE_CONV = Definition(
    "edge_conv",
    '''\
def edge_conv(
    in_channels: int, hidden: int, out_channels: int, aggr: str = "max"
) -> EdgeConv:
    """Each node beside how a neighbour differs from it, through two layers."""
    mlp = nn.Sequential(
        nn.Linear(2 * in_channels, hidden),
        nn.ReLU(),
        nn.Linear(hidden, out_channels),
    )
    return EdgeConv(mlp, aggr=aggr)
''',
    imports=("from torch_geometric.nn import EdgeConv",),
)

EDGE_LINEAR = Definition(
    "edge_linear",
    '''\
def edge_linear(in_channels: int, out_channels: int, aggr: str = "max") -> EdgeConv:
    """Each node beside how a neighbour differs from it, through one layer."""
    return EdgeConv(nn.Linear(2 * in_channels, out_channels), aggr=aggr)
''',
    imports=("from torch_geometric.nn import EdgeConv",),
)


@dataclass(frozen=True)
class EdgeConv(Op):
    """N×C → N×features: for each edge the node it leads to beside how the other end differs from
    it, 2·C numbers, through two layers with a ReLU between them, 2·C → hidden → features; a node
    gets the ``max`` (``mean``, ``sum``) over the edges that lead to it (Wang et al., 2019, DGCNN,
    whose edges follow anew from the nearest neighbours in each layer; these are those of the data).

    ``hidden`` is as wide as ``features`` by default; ``layers=1`` takes one layer, 2·C → features.
    MACs: E·(2·C·hidden + hidden·features), with one layer 2·E·C·features. PyTorch Geometric:
    EdgeConv.

    Errors: anything but the nodes of a graph; ``hidden`` with one layer.
    """

    features: int = whole()
    hidden: int | None = whole(None)
    layers: int = whole(2, maximum=2)
    aggregate: str = word("max", "mean", "sum", default="max")

    traits = frozenset({Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.MIXES_POSITIONS})
    example = "edge_conv(64)"
    synonyms = Synonyms(torch=("EdgeConv",), others=("DynamicEdgeConv",))
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        x = nodes_of("edge_conv", inputs[0])
        if self.hidden is not None and self.layers == 1:
            raise _nothing_hidden(self.hidden)
        return x._replace(features=self.features)

    def params(self, *inputs: TensorType) -> int:
        return sum((taken + 1) * given for taken, given in pairwise(self._sizes(*inputs)))

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("edge_conv", inputs[0])
        return x.edges * sum(taken * given for taken, given in pairwise(self._sizes(x)))

    def saves(self, *inputs: TensorType) -> Saves:
        """The ends of edges, what flows into the layers, and how many neighbours there are, or the
        messages and which of them were largest."""
        x = nodes_of("edge_conv", inputs[0])
        largest = (x.edges + 2 * x.nodes) * self.features
        beside = {"sum": 0, "mean": x.nodes, "max": largest}[self.aggregate]
        into_layers = x.edges * sum(self._sizes(x)[:-1])
        return kept(x, 4 * (into_layers + beside), inputs=(), context=ENDS)

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        x = nodes_of("edge_conv", inputs[0])
        return tuple(DenseLayer(*pair, x.edges) for pair in pairwise(self._sizes(x)))

    def is_affine(self) -> bool:
        return self.layers == 1 and self.aggregate != "max"

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = nodes_of("edge_conv", inputs[0])
        written = EDGE_LINEAR if self.layers == 1 else EDGE_CONV
        names = ("in_channels", *(("hidden",) if self.layers == 2 else ()), "out_channels")
        sizes = dict(zip(names, (x.features, *self._sizes(x)[1:]), strict=True))
        module = Construct(
            written.name,
            {**sizes, "aggr": self.aggregate},
            positional=len(sizes),
            defaults={"aggr": "max"},
        )
        return along(module, reads_features=False, definitions=(written,))

    def _sizes(self, x: TensorType) -> tuple[int, ...]:
        """Features that flow into each layer, and those that flow out of the last."""
        into = 2 * nodes_of("edge_conv", x).features
        if self.layers == 1:
            return (into, self.features)
        return (into, self.hidden or self.features, self.features)


def _nothing_hidden(hidden: int) -> OpError:
    return OpError(
        f"hidden={hidden} is the width between two layers, and there is one layer",
        needed="`hidden` left out, or `layers=2`",
        argument="hidden",
    )
