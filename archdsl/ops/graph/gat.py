"""Graph attention."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.graph._edges import kept, nodes_of, of_library
from archdsl.ops.parameters import flag, real, whole
from archdsl.ops.reads import MIXED, Neighbours, Reads, each

if TYPE_CHECKING:
    from archdsl.types import TensorType

_DEFAULTS = {"heads": 1, "concat": True, "dropout": 0.0, "bias": True}


@dataclass(frozen=True)
class Gat(Op):
    """N×C → N×(heads·features): each head gives ``features`` numbers, a mean of the node and its
    neighbours weighted by how well they match (Velickovic et al., 2018).

    ``concat=false`` gives the mean of the heads: N×features. ``dropout`` drops neighbours.
    MACs: N·C·heads·features; what is added along edges is not counted. PyTorch Geometric: GATConv.

    Errors: anything but the nodes of a graph.
    """

    features: int = whole()
    heads: int = whole(1)
    concat: bool = flag(True)
    dropout: float = real(0.0, minimum=0, maximum=1)
    bias: bool = flag(True)

    traits = frozenset(
        {Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.ATTENTION, Trait.MIXES_POSITIONS}
    )
    example = "gat(8, heads=8)"
    synonyms = Synonyms(torch=("GATConv",))
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        return nodes_of("gat", inputs[0])._replace(features=self._out())

    def params(self, *inputs: TensorType) -> int:
        x = nodes_of("gat", inputs[0])
        return (x.features + 2) * self.heads * self.features + self.bias * self._out()

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("gat", inputs[0])
        return x.nodes * x.features * self.heads * self.features

    def saves(self, *inputs: TensorType) -> Saves:
        """The projected nodes, and for each edge and node: ends, scores four times, message."""
        x = nodes_of("gat", inputs[0])
        inner = self.heads * self.features
        scores = (5 if self.dropout else 4) * self.heads
        each = 16 + 4 * scores + 4 * inner
        return kept(x, 4 * x.nodes * inner + (x.edges + x.nodes) * each)

    def saves_in_use(self, *inputs: TensorType) -> Saves:
        return replace(self, dropout=0.0).saves(*inputs)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = nodes_of("gat", inputs[0])
        arguments = {
            "in_channels": x.features,
            "out_channels": self.features,
            "heads": self.heads,
            "concat": self.concat,
            "dropout": self.dropout,
            "bias": self.bias,
        }
        return of_library(Construct("GATConv", arguments, positional=2, defaults=_DEFAULTS))

    def _out(self) -> int:
        return self.features * self.heads if self.concat else self.features
