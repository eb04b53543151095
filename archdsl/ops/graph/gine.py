"""Graph isomorphism with features of edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Construct, Definition, OpError, Saves, Spelling, Synonyms
from archdsl.ops.graph._edges import along, kept, nodes_of
from archdsl.ops.graph.gin import Gin

if TYPE_CHECKING:
    from archdsl.types import TensorType

GINE_CONV = Definition(
    "gine_conv",
    '''\
def gine_conv(
    in_channels: int, hidden: int, out_channels: int, edge_dim: int
) -> GINEConv:
    """A node and its neighbours, each with what the edge says, through two layers."""
    mlp = nn.Sequential(
        nn.Linear(in_channels, hidden),
        nn.ReLU(),
        nn.Linear(hidden, out_channels),
    )
    return GINEConv(mlp, edge_dim=edge_dim)
''',
    imports=("from torch_geometric.nn import GINEConv",),
)

GINE_LINEAR = Definition(
    "gine_linear",
    '''\
def gine_linear(in_channels: int, out_channels: int, edge_dim: int) -> GINEConv:
    """A node and its neighbours, each with what the edge says, through one layer."""
    return GINEConv(nn.Linear(in_channels, out_channels), edge_dim=edge_dim)
''',
    imports=("from torch_geometric.nn import GINEConv",),
)


@dataclass(frozen=True)
class Gine(Gin):
    """N×C → N×features: as gin, where each neighbour is relu(neighbour + W·edge + b), W·edge + b
    being what the features of the edge say (Hu et al., 2020).

    MACs: those of gin, and E·edge features·C. PyTorch Geometric: GINEConv.

    Errors: edges without features, `data graph(…, edge_features=)`; and as gin.
    """

    example = "gine(64)"
    synonyms = Synonyms(torch=("GINEConv",))
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400, edge_features=3)"
    one = GINE_LINEAR
    two = GINE_CONV

    def infer(self, *inputs: TensorType) -> TensorType:
        if not nodes_of("gine", inputs[0]).edge_features:
            raise _no_features()
        return super().infer(*inputs)

    def params(self, *inputs: TensorType) -> int:
        x = nodes_of("gine", inputs[0])
        return super().params(x) + (x.edge_features + 1) * x.features

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("gine", inputs[0])
        return super().macs(x) + x.edges * x.edge_features * x.features

    def saves(self, *inputs: TensorType) -> Saves:
        """As gin; the features of edges, and the messages."""
        x = nodes_of("gine", inputs[0])
        messages = kept(x, 4 * x.edges * x.features)
        gin = super().saves(x)
        return gin._replace(
            fixed=gin.fixed + messages.fixed,
            per_sample=gin.per_sample + messages.per_sample,
            context=(*gin.context, "edge_attr"),
        )

    def is_affine(self) -> bool:
        return False

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = nodes_of("gine", inputs[0])
        written, sizes = self._made(x)
        arguments = {**sizes, "edge_dim": x.edge_features}
        module = Construct(written.name, arguments, positional=len(sizes))
        return along(module, reads_features=True, definitions=(written,))


def _no_features() -> OpError:
    return OpError(
        "gine reads the features of edges, and these have none",
        needed="`edge_features=` in `data graph(…)`",
        help="`gin` passes the nodes alone along the edges",
    )
