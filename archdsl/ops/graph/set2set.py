"""A graph's nodes become one vector, which a recurrence reads from them in several steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Construct, Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.graph._edges import many_graphs
from archdsl.ops.parameters import whole
from archdsl.ops.reads import ALL, MIXED, Axis, Reads
from archdsl.ops.sequence.lstm import Lstm
from archdsl.types import Nodes, Sequence, Vector

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Set2set(Op):
    """N×C → 2·C for each graph: attention over its nodes in several steps, each with a query that
    an LSTM makes of the last (Set2Set, Vinyals et al., 2016).

    A step weights the nodes by softmax over their products with the query; the LSTM is given the
    query and their mean so weighted, which are what the last step gives. ``layers`` are those of
    the LSTM. MACs: those of its products, steps·(12·C² + 8·C²·(layers - 1)) for each graph; what is
    multiplied node by node is not counted. PyTorch Geometric: aggr.Set2Set, by ``batch``, which
    tells for each node its graph.

    Errors: a single graph, whose nodes are what is labelled; anything but the nodes of graphs.
    """

    steps: int = whole(3, maximum=100)
    layers: int = whole(1, maximum=100)

    traits = frozenset({Trait.POOLING, Trait.MIXES_POSITIONS, Trait.WEIGHTED, Trait.RECURRENT})
    example = "gin(64) -> set2set(steps=4)"
    synonyms = Synonyms(
        torch=("Set2Set",),
        arguments={"in_channels": "", "processing_steps": "steps", "num_layers": "layers"},
        takes=("", "steps"),
    )
    example_data: ClassVar[str] = "graph(16, nodes=20, edges=40, graphs=500)"
    attribute = "pool"

    def infer(self, *inputs: TensorType) -> TensorType:
        return Vector(2 * many_graphs("set2set", inputs[0]).features)

    def params(self, *inputs: TensorType) -> int:
        width = _width(inputs)
        return self._weights(width) + 8 * width * self.layers

    def macs(self, *inputs: TensorType) -> int:
        return self.steps * self._weights(_width(inputs))

    def saves(self, *inputs: TensorType) -> Saves:
        """The nodes; of each step what its LSTM keeps (and is given, and gives), the query of each
        node, and its score. The LSTM's workspaces end with pages: at most these are empty."""
        x = many_graphs("set2set", inputs[0])
        width = x.features
        step = Lstm(width, self.layers).saves(Sequence(1, 2 * width))
        attended = 4 * (3 * width + x.nodes * (width + 3))
        fixed = self.steps * step.fixed
        each = self.steps * (step.per_sample + attended)
        return Saves((0,), fixed=fixed, per_sample=each, context=("batch",))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (Reads((Axis(None, ALL), Axis(0, MIXED))),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        arguments = {
            "in_channels": _width(inputs),
            "processing_steps": self.steps,
            "num_layers": self.layers,
        }
        return Spelling(
            module=Construct("Set2Set", arguments, positional=1, defaults={"num_layers": 1}),
            apply="{m}({x}, {batch})",
            context=("batch",),
            imports=("from torch_geometric.nn.aggr import Set2Set",),
        )

    def _weights(self, width: int) -> int:
        """The first layer of the LSTM reads 2·C numbers and its state, each later one C and its."""
        return 4 * width * (3 * width + 2 * width * (self.layers - 1))


def _width(inputs: tuple[TensorType, ...]) -> int:
    (x,) = inputs
    assert isinstance(x, Nodes)
    return x.features
