from collections.abc import Mapping
from typing import ClassVar

from archdsl import types
from archdsl.spec.data import Data
from archdsl.spec.fields import Count, Counts, Whole, called, known_as


class Graph(Data):
    """``graph(features, nodes=, edges=, graphs=, edge_features=, degrees=)``: nodes with features,
    and directed edges.

    Without ``graphs`` it is one graph whose nodes are labelled: all of them, or ``samples``. With
    it, ``nodes`` and ``edges`` are those of an average graph. ``edge_features`` are what each edge
    has of its own; ``degrees`` how many nodes of the data have 0, 1, 2, … edges that lead to them,
    which `pna` scales by.
    """

    elsewhere: ClassVar[Mapping[str, str]] = known_as("network nodes")
    synonyms: ClassVar[Mapping[str, str]] = called(
        features="num_features n_features in_channels num_node_features",
        nodes="num_nodes n_nodes",
        edges="num_edges n_edges",
        graphs="num_graphs n_graphs",
        edge_features="num_edge_features edge_dim edge_attr",
        degrees="degree_histogram deg",
    )

    positional: ClassVar[tuple[str, ...]] = ("features",)
    features: Count
    nodes: Count
    edges: Whole
    graphs: Whole = 0
    edge_features: Whole = 0
    degrees: Counts = ()

    def tensor(self) -> types.Nodes:
        sizes = (self.nodes, self.features, self.edges, self.graphs)
        return types.Nodes(*sizes, self.edge_features, self.degrees)

    def labelled(self, per: str) -> int:
        if self.samples is not None:
            return self.samples * self.positions(per)
        return max(self.graphs, 1) * (self.nodes if per == "node" else 1)

    @property
    def counted(self) -> int | None:
        return self.samples if self.samples is not None else self.graphs or None

    def positions(self, per: str) -> int:
        """Nodes of a sample; in a single graph the samples are themselves nodes."""
        return self.nodes if per == "node" and self.graphs else 1
