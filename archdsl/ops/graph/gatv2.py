"""Graph attention whose scores depend on both ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.graph._edges import kept, nodes_of, of_library
from archdsl.ops.parameters import flag, real, whole
from archdsl.ops.reads import MIXED, Neighbours, Reads, each

if TYPE_CHECKING:
    from archdsl.types import TensorType

_DEFAULTS = {
    "heads": 1,
    "concat": True,
    "dropout": 0.0,
    "edge_dim": None,
    "bias": True,
    "share_weights": False,
    "residual": False,
}


@dataclass(frozen=True)
class Gatv2(Op):
    """N×C → N×(heads·features): as gat, but a neighbour's weight is scored after the activation, so
    that which neighbour counts most may differ from node to node (Brody et al., 2022).

    Where the edges of the data have features, these take part in the scores;
    ``edge_features=false`` leaves them out. ``shared`` uses one matrix for both ends, ``residual``
    adds another times the node. ``concat=false`` gives the mean of the heads.
    MACs: 2·N·C·heads·features (N·C·heads·features when shared), and of the edges' features
    (E + N)·edge features·heads·features. PyTorch Geometric: GATv2Conv.

    Errors: anything but the nodes of a graph.
    """

    features: int = whole()
    heads: int = whole(1)
    concat: bool = flag(True)
    dropout: float = real(0.0, minimum=0, maximum=1)
    bias: bool = flag(True)
    shared: bool = flag(False)
    residual: bool = flag(False)
    edge_features: bool = flag(True)

    traits = frozenset(
        {Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.ATTENTION, Trait.MIXES_POSITIONS}
    )
    example = "gatv2(8, heads=8)"
    synonyms = Synonyms(
        torch=("GATv2Conv",),
        arguments={"in_channels": "", "out_channels": "features", "share_weights": "shared"},
        takes=("", "features", "heads", "concat"),
    )
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400, edge_features=3)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        return nodes_of("gatv2", inputs[0])._replace(features=self._out())

    def params(self, *inputs: TensorType) -> int:
        x = nodes_of("gatv2", inputs[0])
        ends = self._matrices() * (x.features + self.bias) * self._inner()
        residual = self.residual * x.features * self._out()
        scores = self._inner() * (1 + self._edge_features(*inputs))
        return ends + residual + scores + self.bias * self._out()

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("gatv2", inputs[0])
        ends = x.nodes * x.features * (self._matrices() * self._inner() + self._residual())
        loops = x.edges + x.nodes  # every node is its own neighbour, too
        return ends + loops * self._edge_features(*inputs) * self._inner()

    def saves(self, *inputs: TensorType) -> Saves:
        """For each edge and node: ends, features of the edge, both projected ends, the message, and
        three scores."""
        x = nodes_of("gatv2", inputs[0])
        scores = (4 if self.dropout else 3) * self.heads
        each = 16 + 4 * (self._edge_features(x) + 3 * self._inner() + scores)
        return kept(x, (x.edges + x.nodes) * each)

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return replace(self, dropout=0.0).saves(*inputs)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = nodes_of("gatv2", inputs[0])
        arguments = {
            "in_channels": x.features,
            "out_channels": self.features,
            "heads": self.heads,
            "concat": self.concat,
            "dropout": self.dropout,
            "edge_dim": self._edge_features(x) or None,
            "bias": self.bias,
            "share_weights": self.shared,
            "residual": self.residual,
        }
        module = Construct("GATv2Conv", arguments, positional=2, defaults=_DEFAULTS)
        return of_library(module, self._edge_features(x) > 0)

    def _matrices(self) -> int:
        return 1 if self.shared else 2

    def _residual(self) -> int:
        return self._out() if self.residual else 0

    def _edge_features(self, *inputs: TensorType) -> int:
        return nodes_of("gatv2", inputs[0]).edge_features * self.edge_features

    def _inner(self) -> int:
        return self.heads * self.features

    def _out(self) -> int:
        return self._inner() if self.concat else self.features
