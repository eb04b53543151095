"""Principal neighbourhood aggregation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Construct, Definition, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.graph._edges import along, kept, nodes_of
from archdsl.ops.parameters import flag, whole
from archdsl.ops.plumbing._kinds import undivided
from archdsl.ops.reads import MIXED, Neighbours, Reads, each

if TYPE_CHECKING:
    from archdsl.types import Nodes, TensorType

_SUMMARIES = 12  # four aggregators, each scaled in three ways

PNA_CONV = Definition(
    "pna_conv",
    '''\
def pna_conv(
    in_channels: int,
    out_channels: int,
    degrees: tuple[int, ...],
    edge_dim: int | None = None,
    towers: int = 1,
    pre_layers: int = 1,
    post_layers: int = 1,
    divide_input: bool = False,
) -> PNAConv:
    """Four aggregators in three scales; so many nodes have 0, 1, ... edges to them."""
    return PNAConv(
        in_channels,
        out_channels,
        aggregators=["mean", "min", "max", "std"],
        scalers=["identity", "amplification", "attenuation"],
        deg=torch.tensor(degrees),
        edge_dim=edge_dim,
        towers=towers,
        pre_layers=pre_layers,
        post_layers=post_layers,
        divide_input=divide_input,
    )
''',
    imports=("from torch_geometric.nn import PNAConv",),
)

_DEFAULTS = {
    "edge_dim": None,
    "towers": 1,
    "pre_layers": 1,
    "post_layers": 1,
    "divide_input": False,
}


@dataclass(frozen=True)
class Pna(Op):
    """N×C → N×features: messages, made of both ends of an edge and its features, are summed up by
    their mean, minimum, maximum and standard deviation, each as it is, scaled up and scaled down by
    how many neighbours a node has beside the average (PNA, Corso et al., 2020).

    ``towers`` do this side by side for features / towers each, with ``split`` each of its part of
    what flows in. ``pre_layers`` make a message, ``post_layers`` a tower's result. The average is
    that of ``degrees`` in `data graph(…)`; without it nodes are taken to have edges / nodes each,
    as evenly as that goes. ``edge_features=false`` leaves those of the edges out.
    MACs: of a tower, C' of which flow in, E·(2·C' or, with features of edges, 3·C')·C' for the
    messages and 13·N·C'·features / towers for the result; further layers; E·edge features·C' and
    N·features² once. PyTorch Geometric: PNAConv.

    Errors: towers that do not divide the features, or the features that flow in when these are
    split; anything but the nodes of a graph with edges.
    """

    features: int = whole()
    towers: int = whole(1)
    pre_layers: int = whole(1, maximum=100)
    post_layers: int = whole(1, maximum=100)
    split: bool = flag(False)
    edge_features: bool = flag(True)

    traits = frozenset({Trait.WEIGHTED, Trait.MESSAGE_PASSING, Trait.MIXES_POSITIONS})
    example = "pna(64, towers=4)"
    synonyms = Synonyms(
        torch=("PNAConv",),
        arguments={"in_channels": "", "out_channels": "features", "divide_input": "split"},
    )
    example_data: ClassVar[str] = "graph(16, nodes=100, edges=400, edge_features=3)"
    attribute = "conv"

    def infer(self, *inputs: TensorType) -> TensorType:
        x = nodes_of("pna", inputs[0])
        if self.features % self.towers:
            raise undivided("towers", self.towers, self.features, "features out")
        if self.split and x.features % self.towers:
            raise undivided("towers", self.towers, x.features, "features")
        if not sum(degree * count for degree, count in enumerate(_degrees(x))):
            raise _no_edges(x)
        return x._replace(features=self.features)

    def params(self, *inputs: TensorType) -> int:
        x = nodes_of("pna", inputs[0])
        into, out = self._widths(x)
        message = (self._parts(x) * into + 1) * into + (self.pre_layers - 1) * (into + 1) * into
        result = ((1 + _SUMMARIES) * into + 1) * out + (self.post_layers - 1) * (out + 1) * out
        edges = (self._edge_features(x) + 1) * into if self._edge_features(x) else 0
        return self.towers * (message + result) + edges + (self.features + 1) * self.features

    def macs(self, *inputs: TensorType) -> int:
        x = nodes_of("pna", inputs[0])
        into, out = self._widths(x)
        message = (self._parts(x) + self.pre_layers - 1) * into**2
        result = (1 + _SUMMARIES) * into * out + (self.post_layers - 1) * out**2
        edges = x.edges * (self.towers * message + self._edge_features(x) * into)
        return edges + x.nodes * (self.towers * result + self.features**2)

    def saves(self, *inputs: TensorType) -> Saves:
        """The ends and features of edges, what flows into each layer, the messages; of the
        aggregators seven times a node's, and which deviations are not 0; counts, and scales."""
        x = nodes_of("pna", inputs[0])
        into, out = self._widths(x)
        message = self.towers * x.edges * into * (self._parts(x) + self.pre_layers)
        result = (1 + _SUMMARIES) * into + (self.post_layers - 1) * out
        summed = x.nodes * self.towers * into
        counted = x.nodes * (self.towers * result + self.features + 5)
        features = ("edge_attr",) if self._edge_features(x) else ()
        size = 4 * (message + counted + 7 * summed) + summed
        return kept(x, size, inputs=(), context=("edge_index", *features))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        return (each(inputs[0], Neighbours(), MIXED),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        x = nodes_of("pna", inputs[0])
        arguments = {
            "in_channels": x.features,
            "out_channels": self.features,
            "degrees": _degrees(x),
            "edge_dim": self._edge_features(x) or None,
            "towers": self.towers,
            "pre_layers": self.pre_layers,
            "post_layers": self.post_layers,
            "divide_input": self.split,
        }
        module = Construct(PNA_CONV.name, arguments, positional=2, defaults=_DEFAULTS)
        return along(module, self._edge_features(x) > 0, definitions=(PNA_CONV,))

    def _widths(self, x: Nodes) -> tuple[int, int]:
        """Features that flow into each tower, and out of it."""
        into = x.features // self.towers if self.split else x.features
        return into, self.features // self.towers

    def _parts(self, x: Nodes) -> int:
        return 3 if self._edge_features(x) else 2

    def _edge_features(self, x: Nodes) -> int:
        return x.edge_features * self.edge_features


def _degrees(x: Nodes) -> tuple[int, ...]:
    """How many nodes have 0, 1, … edges that lead to them: as the data say, or evenly."""
    if x.degrees:
        return x.degrees
    each, left = divmod(x.edges, x.nodes)
    return (*[0] * each, x.nodes - left, *([left] if left else []))


def _no_edges(x: Nodes) -> OpError:
    return OpError(
        "pna scales by how many neighbours nodes have, and there are no edges",
        needed="edges that lead to some nodes",
        help="`degrees=[…]` of the data counts a node at least behind the first place"
        if x.degrees
        else "say how many edges the data have: `edges=` in `data graph(…)`",
    )
