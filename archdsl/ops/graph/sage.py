"""Sample and aggregate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.graph._edges import kept_beside_neighbours, nodes_of, of_library
from archdsl.ops.parameters import flag, whole, word
from archdsl.ops.reads import MIXED, Neighbours, Reads, each

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Sage(Op):
    """N×C → N×features: a matrix times each node, plus another times the ``mean`` (``max``,
    ``sum``) of its neighbours (GraphSAGE, Hamilton et al., 2017).

    MACs: 2·N·C·features; what is added along edges is not counted. PyTorch Geometric: SAGEConv.

    Errors: anything but the nodes of a graph.
    """

    features: int = whole()
    aggregate: str = word("mean", "max", "sum", default="mean")
    bias: bool = flag(True)

    traits = frozenset({Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.MIXES_POSITIONS})
    example = "sage(64)"
    synonyms = Synonyms(torch=("SAGEConv",))
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        return nodes_of("sage", inputs[0])._replace(features=self.features)

    def params(self, *inputs: TensorType) -> int:
        return (2 * nodes_of("sage", inputs[0]).features + self.bias) * self.features

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("sage", inputs[0])
        return 2 * x.nodes * x.features * self.features

    def saves(self, *inputs: TensorType) -> Saves:
        return kept_beside_neighbours(nodes_of("sage", inputs[0]), self.aggregate)

    def is_affine(self) -> bool:
        return self.aggregate != "max"

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = nodes_of("sage", inputs[0])
        arguments = {
            "in_channels": x.features,
            "out_channels": self.features,
            "aggr": self.aggregate,
            "bias": self.bias,
        }
        defaults = {"aggr": "mean", "bias": True}
        return of_library(Construct("SAGEConv", arguments, positional=2, defaults=defaults))
