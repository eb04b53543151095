"""Graph convolution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.graph._edges import kept, nodes_of, of_library
from archdsl.ops.parameters import flag, whole
from archdsl.ops.reads import MIXED, Neighbours, Reads, each

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Gcn(Op):
    """N×C → N×features: each node becomes the sum of its neighbours and itself, weighted by
    1 / sqrt(degree · degree), times a matrix (Kipf & Welling, 2017).

    MACs: N·C·features; what is added along edges is not counted. PyTorch Geometric: GCNConv.

    Errors: anything but the nodes of a graph.
    """

    features: int = whole()
    bias: bool = flag(True)

    traits = frozenset({Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.MIXES_POSITIONS, Trait.AFFINE})
    example = "gcn(16)"
    synonyms = Synonyms(torch=("GCNConv",))
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        return nodes_of("gcn", inputs[0])._replace(features=self.features)

    def params(self, *inputs: TensorType) -> int:
        return (nodes_of("gcn", inputs[0]).features + self.bias) * self.features

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("gcn", inputs[0])
        return x.nodes * x.features * self.features

    def saves(self, *inputs: TensorType) -> Saves:
        x = nodes_of("gcn", inputs[0])
        return kept(x, 20 * (x.edges + x.nodes))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = nodes_of("gcn", inputs[0])
        arguments = {
            "in_channels": x.features,
            "out_channels": self.features,
            "bias": self.bias,
        }
        return of_library(Construct("GCNConv", arguments, positional=2, defaults={"bias": True}))
