"""Messages by matrices that follow from the features of edges."""

from __future__ import annotations

from dataclasses import dataclass
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
from archdsl.ops.parameters import flag, whole, word
from archdsl.ops.reads import MIXED, Neighbours, Reads, each

if TYPE_CHECKING:
    from archdsl.types import Nodes, TensorType

_SOURCE = Definition(
    "nn_conv",
    '''\
def nn_conv(
    in_channels: int,
    hidden: int,
    out_channels: int,
    edge_dim: int,
    aggr: str = "sum",
    root_weight: bool = True,
) -> NNConv:
    """A matrix for each edge, which two layers make of its features."""
    mlp = nn.Sequential(
        nn.Linear(edge_dim, hidden),
        nn.ReLU(),
        nn.Linear(hidden, in_channels * out_channels),
    )
    return NNConv(in_channels, out_channels, mlp, aggr=aggr, root_weight=root_weight)
''',
    imports=("from torch_geometric.nn import NNConv",),
)


@dataclass(frozen=True)
class NnConv(Op):
    """N×C → N×features: each neighbour times a matrix that follows from the features of the edge,
    by two layers with a ReLU between them, edge features → hidden → C·features; a node gets the
    ``sum`` (``mean``) over the edges that lead to it, plus another matrix times itself
    (``root=false``: without) and a bias. Messages of MPNN (Gilmer et al., 2017).

    ``hidden`` is as wide as ``features`` by default. MACs: E·(edge features·hidden +
    hidden·C·features + C·features) and N·C·features. PyTorch Geometric: NNConv.

    Errors: edges without features, `data graph(…, edge_features=)`; anything but the nodes of a
    graph.
    """

    features: int = whole()
    hidden: int | None = whole(None)
    aggregate: str = word("sum", "mean", default="sum")
    root: bool = flag(True)

    traits = frozenset({Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.MIXES_POSITIONS, Trait.AFFINE})
    example = "nn_conv(8)"
    synonyms = Synonyms(
        torch=("NNConv", "ECConv"),
        arguments={"out_channels": "features", "aggr": "aggregate", "root_weight": "root"},
    )
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400, edge_features=3)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        x = nodes_of("nn_conv", inputs[0])
        if not x.edge_features:
            raise OpError(
                "nn_conv makes its matrices of the features of edges, and these have none",
                needed="`edge_features=` in `data graph(…)`",
                help="`graph_conv` has one matrix for all edges",
            )
        return x._replace(features=self.features)

    def _per_edge(self, x: Nodes) -> tuple[DenseLayer, DenseLayer]:
        """The layers that make the matrix of an edge."""
        hidden = self.hidden or self.features
        first = DenseLayer(x.edge_features, hidden, x.edges)
        return first, DenseLayer(hidden, x.features * self.features, x.edges)

    def params(self, *inputs: TensorType) -> int:
        x = nodes_of("nn_conv", inputs[0])
        made = sum((one.takes + 1) * one.gives for one in self._per_edge(x))
        return made + self.features * (1 + x.features * self.root)

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("nn_conv", inputs[0])
        made = sum(one.rows * one.takes * one.gives for one in self._per_edge(x))
        return made + x.features * self.features * (x.edges + x.nodes * self.root)

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        return self._per_edge(nodes_of("nn_conv", inputs[0]))

    def saves(self, *inputs: TensorType) -> Saves:
        """The ends and features of edges, their matrices and what they multiply, and how many
        neighbours there are where the mean is taken."""
        x = nodes_of("nn_conv", inputs[0])
        first, second = self._per_edge(x)
        of_edges = x.edges * (first.gives + second.gives + x.features)
        counts = x.nodes * (self.aggregate == "mean")
        own = (0,) if self.root else ()
        return kept(x, 4 * (of_edges + counts), inputs=own, context=(*ENDS, "edge_attr"))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = nodes_of("nn_conv", inputs[0])
        arguments = {
            "in_channels": x.features,
            "hidden": self.hidden or self.features,
            "out_channels": self.features,
            "edge_dim": x.edge_features,
            "aggr": self.aggregate,
            "root_weight": self.root,
        }
        module = Construct(
            _SOURCE.name,
            arguments,
            positional=3,
            defaults={"aggr": "sum", "root_weight": True},
        )
        return along(module, reads_features=True, definitions=(_SOURCE,))
