"""Propagation along the edges of a graph, without weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.graph._edges import kept, nodes_of, of_library
from archdsl.ops.parameters import real, whole
from archdsl.ops.reads import Neighbours, Reads, each

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Propagate(Op):
    """N×C → N×C: each node becomes the sum of its neighbours and itself, weighted by
    1 / sqrt(degree · degree), as in gcn but without a matrix (SGC, Wu et al., 2019).

    That is done ``steps`` times in a row; after each, the sums count 1 - restart times, and what
    flowed in ``restart`` times (APPNP, Gasteiger et al., 2019). What is added along edges is not
    counted. PyTorch Geometric: APPNP.

    Errors: anything but the nodes of a graph.
    """

    steps: int = whole(1)
    restart: float = real(0.0, minimum=0, maximum=1)

    traits = frozenset({Trait.MESSAGE_PASSING, Trait.MIXES_POSITIONS, Trait.AFFINE})
    example = "propagate(10, restart=0.1)"
    synonyms = Synonyms(
        torch=("APPNP",),
        others=("personalized_pagerank", "sgc"),
        arguments={"K": "steps", "alpha": "restart", "teleport": "restart"},
    )
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400)"
    attribute = "propagate"

    def infer(self, *inputs: TensorType) -> TensorType:
        return nodes_of("propagate", inputs[0])

    def saves(self, *inputs: TensorType) -> Saves:
        """The ends of the edges, of a node to itself too, and their weights."""
        x = nodes_of("propagate", inputs[0])
        return kept(x, 20 * (x.edges + x.nodes), inputs=())

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(self.steps)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        arguments: dict[str, Any] = {"K": self.steps, "alpha": self.restart}
        return of_library(Construct("APPNP", arguments))
