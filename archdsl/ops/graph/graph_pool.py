"""A graph's nodes become one vector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.graph._edges import kept, nodes_of
from archdsl.ops.parameters import word
from archdsl.ops.reads import Reads, pooled
from archdsl.types import Vector

if TYPE_CHECKING:
    from archdsl.types import TensorType

_FUNCTIONS = {"mean": "global_mean_pool", "max": "global_max_pool", "sum": "global_add_pool"}


@dataclass(frozen=True)
class GraphPool(Op):
    """N×C → C for each graph: the ``mean``, ``max`` or ``sum`` of its nodes.

    PyTorch Geometric: global_mean_pool, global_max_pool, global_add_pool, by ``batch``, which
    tells for each node its graph.

    Errors: a single graph, whose nodes are what is labelled; anything but the nodes of graphs.
    """

    how: str = word("mean", "max", "sum")

    traits = frozenset({Trait.POOLING, Trait.MIXES_POSITIONS})
    example = "gin(64) -> graph_pool(mean)"
    synonyms = Synonyms(torch=("global_mean_pool", "global_add_pool"))
    example_data: ClassVar[str] = "graph(16, nodes=20, edges=40, graphs=500)"
    attribute = "pool"

    def infer(self, *inputs: TensorType) -> TensorType:
        x = nodes_of("graph_pool", inputs[0])
        if not x.graphs:
            raise OpError(
                "graph_pool gives a vector for each graph, and the data is a single one",
                needed="data of several graphs: `data graph(16, nodes=20, edges=40, graphs=500)`",
                help="leave it out to tell something of each node",
            )
        return Vector(x.features)

    def saves(self, *inputs: TensorType) -> Saves:
        """The graph of each node; how many nodes, or which of them were largest."""
        x = nodes_of("graph_pool", inputs[0])
        beside = {"mean": 4, "sum": 0, "max": 8 * x.features}[self.how]
        places = (0,) if self.how == "max" else ()
        return kept(x, beside, inputs=places, context=("batch",))

    def is_affine(self) -> bool:
        return self.how != "max"

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (pooled(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        function = _FUNCTIONS[self.how]
        return Spelling(
            function=f"{function}({{x}}, {{batch}})",
            context=("batch",),
            imports=(f"from torch_geometric.nn import {function}",),
        )
