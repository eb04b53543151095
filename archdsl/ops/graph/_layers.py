"""What ops share that pass messages through one linear layer, or two with a ReLU between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import DenseLayer, Op, OpError, Trait
from archdsl.ops.graph._edges import nodes_of
from archdsl.ops.parameters import whole
from archdsl.ops.reads import MIXED, Neighbours, Reads, each

if TYPE_CHECKING:
    from archdsl.ops.base import Definition
    from archdsl.types import Nodes, TensorType


@dataclass(frozen=True)
class Layered(Op):
    """Layers over the nodes or edges of a graph. ``one`` and ``two`` are the functions of emitted
    files that make it of so many."""

    features: int = whole()
    hidden: int | None = whole(None)
    layers: int = whole(2, maximum=2)

    traits = frozenset({Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.MIXES_POSITIONS})
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400)"
    attribute = "conv"
    one: ClassVar[Definition]
    two: ClassVar[Definition]

    def _into(self, x: Nodes) -> int:
        """Features that flow into the first layer."""
        return x.features

    def _rows(self, x: Nodes) -> int:
        """How often the layers are applied."""
        return x.nodes

    def infer(self, *inputs: TensorType) -> TensorType:
        x = nodes_of(self.word(), inputs[0])
        if self.hidden is not None and self.layers == 1:
            raise _nothing_hidden(self.hidden)
        return x._replace(features=self.features)

    def params(self, *inputs: TensorType) -> int:
        sizes = self._sizes(nodes_of(self.word(), inputs[0]))
        return sum((taken + 1) * given for taken, given in pairwise(sizes))

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of(self.word(), inputs[0])
        return self._rows(x) * sum(taken * given for taken, given in pairwise(self._sizes(x)))

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        x = nodes_of(self.word(), inputs[0])
        return tuple(DenseLayer(*pair, self._rows(x)) for pair in pairwise(self._sizes(x)))

    def is_affine(self) -> bool:
        return self.layers == 1

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(), MIXED),)

    def _sizes(self, x: Nodes) -> tuple[int, ...]:
        """Features that flow into each layer, and those that flow out of the last."""
        if self.layers == 1:
            return (self._into(x), self.features)
        return (self._into(x), self.hidden or self.features, self.features)

    def _made(self, x: Nodes) -> tuple[Definition, dict[str, int]]:
        """The function that makes it, and the sizes that it takes."""
        if self.layers == 1:
            return self.one, {"in_channels": x.features, "out_channels": self.features}
        hidden = self.hidden or self.features
        sizes = {"in_channels": x.features, "hidden": hidden, "out_channels": self.features}
        return self.two, sizes


def _nothing_hidden(hidden: int) -> OpError:
    return OpError(
        f"hidden={hidden} is the width between two layers, and there is one layer",
        needed="`hidden` left out, or `layers=2`",
        argument="hidden",
    )
