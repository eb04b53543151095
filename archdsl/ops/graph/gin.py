"""Graph isomorphism."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Construct, Definition, Op, Saves, Spelling, Trait
from archdsl.ops.graph._edges import ALONG_EDGES, kept, nodes_of
from archdsl.ops.parameters import whole

if TYPE_CHECKING:
    from archdsl.types import TensorType

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


@dataclass(frozen=True)
class Gin(Op):
    """N×C → N×features: the sum of a node and its neighbours through two layers with a ReLU
    between them, C → hidden → features (GIN, Xu et al., 2019).

    ``hidden`` is as wide as ``features`` by default, as in PyTorch Geometric's GIN.
    MACs: N·(C·hidden + hidden·features); what is added along edges is not counted. PyTorch
    Geometric: GINConv.

    Errors: anything but the nodes of a graph.
    """

    features: int = whole()
    hidden: int | None = whole(None)

    traits = frozenset({Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.MIXES_POSITIONS})
    example = "gin(64)"
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        return nodes_of("gin", inputs[0])._replace(features=self.features)

    def params(self, *inputs: TensorType) -> int:
        hidden = self._hidden()
        return (nodes_of("gin", inputs[0]).features + 1) * hidden + (hidden + 1) * self.features

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("gin", inputs[0])
        return x.nodes * self._hidden() * (x.features + self.features)

    def saves(self, *inputs: TensorType) -> Saves:
        """The ends of edges, 1 + epsilon, and what flows into the two layers."""
        x = nodes_of("gin", inputs[0])
        into_layers = x.nodes * (x.features + self._hidden())
        return kept(x, 16 * x.edges + 4 + 4 * into_layers, inputs=())

    def spelling(self, *inputs: TensorType) -> Spelling:
        sizes = {
            "in_channels": nodes_of("gin", inputs[0]).features,
            "hidden": self._hidden(),
            "out_channels": self.features,
        }
        return Spelling(
            module=Construct("gin_conv", sizes, positional=3),
            apply=ALONG_EDGES,
            context=("edge_index",),
            definitions=(GIN_CONV,),
        )

    def _hidden(self) -> int:
        return self.features if self.hidden is None else self.hidden
