"""What layers that pass messages along edges have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops.base import OpError, Saves, Spelling
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.types import Nodes, TensorType

if TYPE_CHECKING:
    from archdsl.ops.base import Construct, Definition

ALONG_EDGES = "{m}({x}, {edge_index})"
WITH_FEATURES = "{m}({x}, {edge_index}, {edge_attr})"


def nodes_of(word: str, tensor: TensorType) -> Nodes:
    """The nodes that flow in. Raises :class:`OpError` for any other kind."""
    if isinstance(tensor, Nodes):
        return tensor
    raise wrong_kind(
        word, tensor, (Nodes,), help="its data is `data graph(features, nodes=, edges=)`"
    )


def many_graphs(word: str, tensor: TensorType) -> Nodes:
    """The nodes that flow in, of data of many graphs. Raises :class:`OpError` for any other."""
    x = nodes_of(word, tensor)
    if x.graphs:
        return x
    raise OpError(
        f"{word} gives a vector for each graph, and the data is a single one",
        needed="data of several graphs: `data graph(16, nodes=20, edges=40, graphs=500)`",
        help="leave it out to tell something of each node",
    )


ENDS = ("edge_index",)  # of edges, which all layers share that keep them as they are


def kept(
    x: Nodes, size: int, inputs: tuple[int, ...] = (0,), context: tuple[str, ...] = ()
) -> Saves:
    """Bytes kept: for each graph of the data, or once for the one big graph."""
    if x.graphs:
        return Saves(inputs, per_sample=size, context=context)
    return Saves(inputs, fixed=size, context=context)


def kept_beside_neighbours(x: Nodes, aggregate: str) -> Saves:
    """Bytes kept by a layer that multiplies the nodes by one matrix and the ``aggregate`` of their
    neighbours by another.

    These are the nodes, the ends of the edges and the aggregates; for a ``mean`` also the number of
    neighbours, for a ``max`` also every message and the aggregates before the product.
    """
    neighbours = 4 * x.nodes * x.features
    beside = {"mean": 4 * x.nodes, "sum": 0, "max": neighbours + 4 * x.edges * x.features}
    return kept(x, neighbours + beside[aggregate], context=ENDS)


def of_library(module: Construct, reads_features: bool = False) -> Spelling:
    """A layer of PyTorch Geometric, which is given the edges, and their features where it reads
    them."""
    return along(module, reads_features, (f"from torch_geometric.nn import {module.callee}",))


def along(
    module: Construct,
    reads_features: bool = False,
    imports: tuple[str, ...] = (),
    definitions: tuple[Definition, ...] = (),
) -> Spelling:
    """A layer that is given the edges, and their features where it reads them."""
    return Spelling(
        module=module,
        apply=WITH_FEATURES if reads_features else ALONG_EDGES,
        context=("edge_index", "edge_attr") if reads_features else ("edge_index",),
        imports=imports,
        definitions=definitions,
    )
