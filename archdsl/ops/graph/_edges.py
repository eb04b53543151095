"""What layers that pass messages along edges have in common."""

from __future__ import annotations

from archdsl.ops.base import Saves
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.types import Nodes, TensorType

ALONG_EDGES = "{m}({x}, {edge_index})"


def nodes_of(word: str, tensor: TensorType) -> Nodes:
    """The nodes that flow in. Raises a misfit for any other kind."""
    if isinstance(tensor, Nodes):
        return tensor
    raise wrong_kind(
        word, tensor, (Nodes,), help="its data is `data graph(features, nodes=, edges=)`"
    )


def kept(x: Nodes, size: int, inputs: tuple[int, ...] = (0,)) -> Saves:
    """Bytes kept: for each graph of the data, or once for the one big graph."""
    if x.graphs:
        return Saves(inputs, per_sample=size)
    return Saves(inputs, fixed=size)
