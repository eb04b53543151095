"""Attention of queries, keys and values along the edges of a graph."""

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
    "beta": False,
    "dropout": 0.0,
    "edge_dim": None,
    "bias": True,
}


@dataclass(frozen=True)
class TransformerConv(Op):
    """N×C → N×(heads·features): multi-head attention of each node to its neighbours, by queries,
    keys and values, plus a matrix times the node itself (Shi et al., 2021, UniMP).

    Where the edges of the data have features, a matrix times these is added to keys and values;
    ``edge_features=false`` leaves them out. ``gated`` mixes what the neighbours say and the node
    itself by a learned gate instead of adding them. ``concat=false`` gives the mean of the heads.
    MACs: N·C·(3·heads·features + out), of the edges' features E·edge features·heads·features, of
    the gate 3·N·out; what is added along edges is not counted. PyTorch Geometric: TransformerConv.

    Errors: anything but the nodes of a graph.
    """

    features: int = whole()
    heads: int = whole(1)
    concat: bool = flag(True)
    gated: bool = flag(False)
    dropout: float = real(0.0, minimum=0, maximum=1)
    bias: bool = flag(True)
    edge_features: bool = flag(True)

    traits = frozenset(
        {Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.ATTENTION, Trait.MIXES_POSITIONS}
    )
    example = "transformer_conv(8, heads=4)"
    synonyms = Synonyms(
        torch=("TransformerConv",),
        arguments={"in_channels": "", "out_channels": "features", "beta": "gated"},
        takes=("", "features", "heads", "concat", "gated", "dropout"),
    )
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400, edge_features=3)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        return nodes_of("transformer_conv", inputs[0])._replace(features=self._out())

    def params(self, *inputs: TensorType) -> int:
        x = nodes_of("transformer_conv", inputs[0])
        dense = (x.features + self.bias) * (3 * self._inner() + self._out())
        return dense + self._edge_features(x) * self._inner() + 3 * self._out() * self.gated

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("transformer_conv", inputs[0])
        dense = x.features * (3 * self._inner() + self._out()) + 3 * self._out() * self.gated
        return x.nodes * dense + x.edges * self._edge_features(x) * self._inner()

    def saves(self, *inputs: TensorType) -> Saves:
        """The ends and features of edges, and for each its query, key and value and three scores;
        of the gate what flows into it, what it mixes, and itself."""
        x = nodes_of("transformer_conv", inputs[0])
        scores = (4 if self.dropout else 3) * self.heads
        gate = self.gated * x.nodes * (5 * self._out() + 2)
        size = 4 * (x.edges * (3 * self._inner() + scores) + gate)
        features = ("edge_attr",) if self._edge_features(x) else ()
        return kept(x, size, context=("edge_index", *features))

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return replace(self, dropout=0.0).saves(*inputs)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = nodes_of("transformer_conv", inputs[0])
        arguments = {
            "in_channels": x.features,
            "out_channels": self.features,
            "heads": self.heads,
            "concat": self.concat,
            "beta": self.gated,
            "dropout": self.dropout,
            "edge_dim": self._edge_features(x) or None,
            "bias": self.bias,
        }
        module = Construct("TransformerConv", arguments, positional=2, defaults=_DEFAULTS)
        return of_library(module, self._edge_features(x) > 0)

    def _edge_features(self, x: TensorType) -> int:
        return nodes_of("transformer_conv", x).edge_features * self.edge_features

    def _inner(self) -> int:
        return self.heads * self.features

    def _out(self) -> int:
        return self._inner() if self.concat else self.features
