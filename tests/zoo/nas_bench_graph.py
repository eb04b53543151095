"""NAS-Bench-Graph as its own package names designs, and its networks put together from PyTorch
Geometric's layers.

A row is the index of the links, then the index of each node's operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from archdsl.evaluate.run import ChoicePoint, Chooser

LINKS = (
    (0, 0, 0, 0),
    (0, 0, 0, 1),
    (0, 0, 1, 1),
    (0, 0, 1, 2),
    (0, 0, 1, 3),
    (0, 1, 1, 1),
    (0, 1, 1, 2),
    (0, 1, 2, 2),
    (0, 1, 2, 3),
)
OPERATIONS = ("gat", "gcn", "gin", "cheb", "sage", "arma", "graph", "fc", "skip")
FEATURES, CLASSES, WIDTH = 1433, 7, 256

Row = tuple[int, ...]


def chooser(row: Row) -> Chooser:
    """Answers as a row says."""

    def choose(path: str, point: ChoicePoint) -> int:
        return row[0] if path == ".links" else row[int(path[len(".op") : len(".op") + 1])]

    return choose


def raw_skips(row: Row) -> int:
    """Inner nodes that do nothing but pass the features of the input on."""
    links = LINKS[row[0]]
    raw = {0}
    for node, (reads, operation) in enumerate(zip(links, row[1:], strict=True), 1):
        if reads in raw and OPERATIONS[operation] == "skip":
            raw.add(node)
    return len(raw & set(links)) - 1


class Reference(nn.Module):
    """The network of a row, in eval mode: takes N×1433 features and edges, gives N×7 numbers."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.links = LINKS[row[0]]
        self.leaves = [node for node in range(1, 5) if node not in self.links]
        self.nodes, widths = nn.ModuleList(), [FEATURES]
        for node, operation in enumerate(row[1:], 1):
            taken = widths[self.links[node - 1]]
            layer, width = _layer(OPERATIONS[operation], taken)
            projected = node in self.leaves and width != WIDTH
            projection = nn.Linear(width, WIDTH) if projected else nn.Identity()
            widths.append(WIDTH if projected else width)
            self.nodes.append(nn.ModuleList([layer, projection, nn.BatchNorm1d(widths[-1])]))
        self.hidden = nn.Linear(WIDTH * len(self.leaves), WIDTH)
        self.head = nn.Linear(WIDTH, CLASSES)
        self.eval()

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        states = [x]
        for reads, parts in zip(self.links, self.nodes, strict=True):
            layer, projection, norm = parts  # type: ignore[misc]
            alone = isinstance(layer, (nn.Linear, nn.Identity))
            given = layer(states[reads]) if alone else layer(states[reads], edge_index)
            states.append(torch.relu(norm(projection(given))))
        joined = torch.cat([states[leaf] for leaf in self.leaves], 1)
        result: Tensor = self.head(self.hidden(joined))
        return result


def _layer(operation: str, taken: int) -> tuple[nn.Module, int]:
    """The layer of an operation, and how many features it gives."""
    from torch_geometric import nn as geometric

    layers: dict[str, Any] = {
        "gat": lambda: geometric.GATConv(taken, WIDTH // 2, heads=2),
        "gcn": lambda: geometric.GCNConv(taken, WIDTH),
        "gin": lambda: geometric.GINConv(nn.Linear(taken, WIDTH)),
        "cheb": lambda: geometric.ChebConv(taken, WIDTH, K=2),
        "sage": lambda: geometric.SAGEConv(taken, WIDTH),
        "arma": lambda: geometric.ARMAConv(taken, WIDTH),
        "graph": lambda: geometric.GraphConv(taken, WIDTH),
        "fc": lambda: nn.Linear(taken, WIDTH),
        "skip": nn.Identity,
    }
    return layers[operation](), taken if operation == "skip" else WIDTH
