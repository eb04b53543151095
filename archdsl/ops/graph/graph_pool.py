"""A graph's nodes become one vector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import (
    Construct,
    Definition,
    DenseLayer,
    Op,
    Saves,
    Spelling,
    Synonyms,
    Trait,
)
from archdsl.ops.graph._edges import kept, many_graphs, nodes_of
from archdsl.ops.parameters import word
from archdsl.ops.reads import ALL, MIXED, Axis, Reads, pooled
from archdsl.types import Vector

if TYPE_CHECKING:
    from archdsl.types import TensorType

_FUNCTIONS = {"mean": "global_mean_pool", "max": "global_max_pool", "sum": "global_add_pool"}

ATTENTION_POOL = Definition(
    "attention_pool",
    '''\
def attention_pool(features: int) -> AttentionalAggregation:
    """The mean of the nodes of a graph, weighted by a learned score of each."""
    return AttentionalAggregation(nn.Linear(features, 1))
''',
    imports=("from torch_geometric.nn.aggr import AttentionalAggregation",),
)


@dataclass(frozen=True)
class GraphPool(Op):
    """N×C → C for each graph: the ``mean``, ``max`` or ``sum`` of its nodes, or with ``attention``
    their mean weighted by softmax over a learned score of each, w·x + b (Li et al., 2016).

    MACs: N·C with ``attention``. PyTorch Geometric: global_mean_pool, global_max_pool,
    global_add_pool and AttentionalAggregation, by ``batch``, which tells for each node its graph.

    Errors: a single graph, whose nodes are what is labelled; anything but the nodes of graphs.
    """

    how: str = word("mean", "max", "sum", "attention")

    traits = frozenset({Trait.POOLING, Trait.MIXES_POSITIONS})
    example = "gin(64) -> graph_pool(mean)"
    synonyms = Synonyms(
        torch=("global_mean_pool", "global_add_pool", "AttentionalAggregation", "GlobalAttention")
    )
    example_data: ClassVar[str] = "graph(16, nodes=20, edges=40, graphs=500)"
    attribute = "pool"

    def infer(self, *inputs: TensorType) -> TensorType:
        return Vector(many_graphs("graph_pool", inputs[0]).features)

    def params(self, *inputs: TensorType) -> int:
        x = nodes_of("graph_pool", inputs[0])
        return x.features + 1 if self.how == "attention" else 0

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("graph_pool", inputs[0])
        return x.nodes * x.features if self.how == "attention" else 0

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        x = nodes_of("graph_pool", inputs[0])
        return (DenseLayer(x.features, 1, x.nodes),) if self.how == "attention" else ()

    def saves(self, *inputs: TensorType) -> Saves:
        """The graph of each node; how many nodes, which of them were largest, or their scores."""
        x = nodes_of("graph_pool", inputs[0])
        beside = {"mean": 4, "sum": 0, "max": 8 * x.features, "attention": 12 * x.nodes}[self.how]
        places = (0,) if self.how in ("max", "attention") else ()
        return kept(x, beside, inputs=places, context=("batch",))

    def is_affine(self) -> bool:
        return self.how not in ("max", "attention")

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        if self.how == "attention":
            return (Reads((Axis(None, ALL), Axis(0, MIXED))),)
        return (pooled(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        if self.how == "attention":
            return self._attending(inputs[0])
        function = _FUNCTIONS[self.how]
        return Spelling(
            function=f"{function}({{x}}, {{batch}})",
            context=("batch",),
            imports=(f"from torch_geometric.nn import {function}",),
        )

    def _attending(self, x: TensorType) -> Spelling:
        features = nodes_of("graph_pool", x).features
        return Spelling(
            module=Construct(ATTENTION_POOL.name, {"features": features}, positional=1),
            apply="{m}({x}, {batch})",
            context=("batch",),
            definitions=(ATTENTION_POOL,),
        )
