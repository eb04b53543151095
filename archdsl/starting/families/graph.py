from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.starting.families import Family, Size, Tower
from archdsl.starting.families.recurrent import WIDTHS
from archdsl.starting.thresholds import LARGE_GRAPH

if TYPE_CHECKING:
    from collections.abc import Sequence


class Gcn(Family):
    """Two graph convolutions for the nodes of one graph."""

    name = "Gcn"
    block = "gcn_block"
    optimizer = "adam"
    lr = "0.01"
    weight_decay = "5e-4"
    usual = Size(128, 3)

    def sizes(self) -> Sequence[Size]:
        return [Size(width, 2 + (width >= 64)) for width in WIDTHS]

    def tower(self, size: Size) -> Tower:
        drop = f"drop={'0.5' if self.data.units < 10_000 else '0.2'}"
        norm = "" if self.data.many_graphs else "norm=layer_norm, "
        rounds = f"{size.depth} * {self.block}({size.width}, {norm}{drop})"
        pooled = "nodes -> graph_pool(sum)" if self.data.many_graphs else "nodes"
        return Tower((f"let nodes = x -> {rounds}",), pooled)

    def why(self) -> str:
        return (
            f"{self.data['edges']:,} edges say which nodes belong together; message passing uses "
            "them (P103), and two or three rounds reach the neighbourhood without blurring it "
            "(P702; Kipf and Welling 2016, arXiv:1609.02907)"
        )

    def shape(self, size: Size) -> str:
        return f"width {size.width}, {size.depth} rounds of messages"


class GraphSage(Gcn):
    """Message passing that a large graph is trained with by samples of neighbours."""

    name = "GraphSage"
    block = "sage_block"

    def why(self) -> str:
        return (
            f"{self.data['edges']:,} edges say which nodes belong together (P103); above "
            f"{LARGE_GRAPH:,} nodes one trains on samples of neighbours, which GraphSAGE is made "
            "for (Hamilton et al. 2017, arXiv:1706.02216); two or three rounds do not blur (P702)"
        )


class Gin(Gcn):
    """Sums over neighbours and over the graph: what tells graphs apart best."""

    name = "Gin"
    block = "gin_block"
    optimizer = "adamw"
    lr = "0.001"
    weight_decay = "0.01"

    def why(self) -> str:
        return (
            "what tells graphs apart is how many of which nodes are joined: sums over neighbours "
            "and over the graph keep that, means do not (GIN, Xu et al. 2018, arXiv:1810.00826); "
            "two or three rounds do not blur (P103, P702)"
        )


class LinearGcn(Gcn):
    """The smallest model that uses edges: a linear layer over each neighbourhood."""

    name = "LinearGcn"

    def sizes(self) -> Sequence[Size]:
        return [Size(8)]

    def model(self, size: Size) -> str:
        if self.data.many_graphs:
            return f"model = gcn(8) -> graph_pool(sum) -> linear({self.data.classes})"
        width = -(-self.data.targets // 8) * 8
        return f"model = gcn({width}) -> gcn({self.data.classes})"

    def why(self) -> str:
        return (
            f"{self.data.units:,} {self.data.unit} feed no hidden layer; graph convolutions with "
            "nothing between them are a linear model that also reads the neighbours (SGC, Wu et "
            "al. 2019, arXiv:1902.07153)"
        )

    def shape(self, size: Size) -> str:
        return "one round of messages" if self.data.many_graphs else "two rounds of messages"
