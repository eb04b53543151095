"""Graph ops on a graph whose edges have features and lead to other nodes: what they foretell of
parameters, products and saved bytes is exact there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from archdsl.types import Nodes
from tests.ops.against_torch import Built, foretold_bytes
from tests.ops.along_edges import by_name

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.ops.base import Op

PLAIN = Nodes(nodes=11, features=6, edges=23)
LINKED = PLAIN._replace(edge_features=3)


class BuiltAlong(Built):
    """An op built on edges that lead from no node to itself."""

    def _context(self, name: str, tensors: tuple[Tensor, ...]) -> Tensor:
        if name != "edge_index":
            return super()._context(name, tensors)
        nodes = self.types[0]
        assert isinstance(nodes, Nodes)
        start = torch.arange(nodes.edges) % nodes.nodes
        return torch.stack((start, (start + 1 + start * start % (nodes.nodes - 1)) % nodes.nodes))

    @property
    def edges(self) -> Tensor:
        return self._context("edge_index", ())

    @property
    def features(self) -> Tensor:
        return self._context("edge_attr", ())


def agrees_along(op: Op, x: Nodes) -> BuiltAlong:
    """Every prediction of a graph op is what PyTorch Geometric does."""
    built = BuiltAlong(by_name(op), x)
    built.train(True)
    assert built.parameters == op.params(x)
    out = op.infer(x)
    assert isinstance(out, Nodes)
    assert built.run(*built.tensors(1)).shape == (out.nodes, out.features)
    assert built.macs(1) == op.macs(x)
    assert built.saved_bytes(1) == foretold_bytes(op, x, batch=1)
    built.train(False)
    return built
