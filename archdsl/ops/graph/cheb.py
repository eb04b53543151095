"""Chebyshev graph convolution."""

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
class Cheb(Op):
    """N×C → N×features: the sum of the first ``terms`` Chebyshev polynomials of the graph's
    normalised Laplacian, each applied to the nodes and multiplied by a matrix of its own
    (ChebNet, Defferrard et al., 2016).

    ``terms`` is K in the paper and in PyTorch Geometric: a node reads the nodes up to K - 1 edges
    away. With one term it would read itself only, which is ``linear``.
    MACs: terms·N·C·features; what is added along edges is not counted. PyTorch Geometric: ChebConv.

    Errors: anything but the nodes of a graph.
    """

    features: int = whole()
    terms: int = whole(2, minimum=2)
    bias: bool = flag(True)

    traits = frozenset({Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.MIXES_POSITIONS, Trait.AFFINE})
    example = "cheb(16, terms=3)"
    synonyms = Synonyms(torch=("ChebConv",))
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        return nodes_of("cheb", inputs[0])._replace(features=self.features)

    def params(self, *inputs: TensorType) -> int:
        x = nodes_of("cheb", inputs[0])
        return (self.terms * x.features + self.bias) * self.features

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("cheb", inputs[0])
        return self.terms * x.nodes * x.features * self.features

    def saves(self, *inputs: TensorType) -> Saves:
        """The nodes under each polynomial; ends and weights of the Laplacian's entries."""
        x = nodes_of("cheb", inputs[0])
        further = 4 * (self.terms - 1) * x.nodes * x.features
        return kept(x, further + 20 * (x.edges + x.nodes))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(self.terms - 1), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = nodes_of("cheb", inputs[0])
        arguments = {
            "in_channels": x.features,
            "out_channels": self.features,
            "K": self.terms,
            "bias": self.bias,
        }
        return of_library(Construct("ChebConv", arguments, positional=2, defaults={"bias": True}))
