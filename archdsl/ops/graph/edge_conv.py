"""Layers over the edges of a graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Construct, Definition, Saves, Spelling, Synonyms
from archdsl.ops.graph._edges import ENDS, along, kept, nodes_of
from archdsl.ops.graph._layers import Layered
from archdsl.ops.parameters import word

if TYPE_CHECKING:
    from archdsl.types import Nodes, TensorType

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
class EdgeConv(Layered):
    """N×C → N×features: for each edge the node it leads to beside how the other end differs from
    it, 2·C numbers, through two layers with a ReLU between them, 2·C → hidden → features; a node
    gets the ``max`` (``mean``, ``sum``) over the edges that lead to it (Wang et al., 2019, DGCNN,
    whose edges follow anew from the nearest neighbours in each layer; these are those of the data).

    ``hidden`` is as wide as ``features`` by default; ``layers=1`` takes one layer, 2·C → features.
    MACs: E·(2·C·hidden + hidden·features), with one layer 2·E·C·features. PyTorch Geometric:
    EdgeConv.

    Errors: anything but the nodes of a graph; ``hidden`` with one layer.
    """

    aggregate: str = word("max", "mean", "sum", default="max")

    example = "edge_conv(64)"
    synonyms = Synonyms(torch=("EdgeConv",), others=("DynamicEdgeConv",))
    one = EDGE_LINEAR
    two = EDGE_CONV

    def _into(self, x: Nodes) -> int:
        return 2 * x.features

    def _rows(self, x: Nodes) -> int:
        return x.edges

    def saves(self, *inputs: TensorType) -> Saves:
        """The ends of edges, what flows into the layers, and how many neighbours there are, or the
        messages and which of them were largest."""
        x = nodes_of("edge_conv", inputs[0])
        largest = (x.edges + 2 * x.nodes) * self.features
        beside = {"sum": 0, "mean": x.nodes, "max": largest}[self.aggregate]
        into_layers = x.edges * sum(self._sizes(x)[:-1])
        return kept(x, 4 * (into_layers + beside), inputs=(), context=ENDS)

    def is_affine(self) -> bool:
        return super().is_affine() and self.aggregate != "max"

    def spelling(self, *inputs: TensorType) -> Spelling:
        written, sizes = self._made(nodes_of("edge_conv", inputs[0]))
        module = Construct(
            written.name,
            {**sizes, "aggr": self.aggregate},
            positional=len(sizes),
            defaults={"aggr": "max"},
        )
        return along(module, definitions=(written,))
