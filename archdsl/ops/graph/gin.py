"""Graph isomorphism."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.ops.base import Construct, Definition, Saves, Spelling, Synonyms
from archdsl.ops.graph._edges import ENDS, along, kept, nodes_of
from archdsl.ops.graph._layers import Layered

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
class Gin(Layered):
    """N×C → N×features: the sum of a node and its neighbours through two layers with a ReLU
    between them, C → hidden → features (GIN, Xu et al., 2019).

    ``hidden`` is as wide as ``features`` by default, as in PyTorch Geometric's GIN. ``layers=1``
    takes one layer instead, C → features, the paper's 1-layer perceptron.
    MACs: N·(C·hidden + hidden·features), with one layer N·C·features; what is added along edges is
    not counted. PyTorch Geometric: GINConv.

    Errors: anything but the nodes of a graph; ``hidden`` with one layer.
    """

    example = "gin(64)"
    synonyms = Synonyms(torch=("GINConv",))
    one = GIN_LINEAR
    two = GIN_CONV

    def saves(self, *inputs: TensorType) -> Saves:
        """The ends of edges, 1 + epsilon, and what flows into the layers."""
        x = nodes_of("gin", inputs[0])
        into_layers = x.nodes * sum(self._sizes(x)[:-1])
        saves = kept(x, 4 * into_layers, inputs=(), context=ENDS)
        return saves._replace(fixed=saves.fixed + 4)

    def spelling(self, *inputs: TensorType) -> Spelling:
        written, sizes = self._made(nodes_of("gin", inputs[0]))
        module = Construct(written.name, sizes, positional=len(sizes))
        return along(module, definitions=(written,))
