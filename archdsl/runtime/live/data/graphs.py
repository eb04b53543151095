"""Graphs, as files and Python objects give them, fitted to what a spec takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.arrays import NUMBERS
from archdsl.runtime.live.data.several import of_inputs
from archdsl.runtime.live.room import make_room
from archdsl.runtime.live.tasks import Given, live
from archdsl.spec.inputs import together
from archdsl.spec.task import Answer

if TYPE_CHECKING:
    from archdsl.runtime.live.arrays import Array
    from archdsl.spec.data import Data
    from archdsl.spec.task import Task

NEAR = 0.1  # by which the nodes and edges of an average graph may differ from the spec's
COPIES = 3  # in memory at once


class Masks(NamedTuple):
    """Which nodes of one graph, or which of many graphs, are in each part."""

    training: Array
    validation: Array
    test: Array


class Graphs(NamedTuple):
    """``x`` nodes x features, ``edges`` 2 x edges from node to node, ``y`` one row or number for
    each node or graph; ``graph`` the number of each node's graph, rising, None for a single one;
    ``edge_attr`` edges x features, None where edges have none. ``others`` are arrays by their names
    that have a row for each graph, or the rows themselves."""

    name: str
    x: Array
    edges: Array
    y: Array
    graph: Array | None = None
    masks: Masks | None = None
    edge_attr: Array | None = None
    others: tuple[tuple[str, Array], ...] = ()

    @property
    def edge_features(self) -> int:
        return 0 if self.edge_attr is None else int(self.edge_attr.shape[1])

    @property
    def number(self) -> int:
        return 1 if self.graph is None else int(self.graph[-1]) + 1


class Beside(NamedTuple):
    """The other inputs of a model that takes a graph, with their arrays (those of
    :func:`~archdsl.types.arguments`), not yet scaled; ``nodes`` is what the graph is called."""

    nodes: str
    takes: types.TensorType
    x: tuple[Array, ...]


class FittedGraphs(NamedTuple):
    """Graphs that a spec takes. ``y`` are class numbers (int64) or rows of targets (float64), for
    each node where ``is_of_nodes``, else for each graph; ``classes`` is 0 for regression.
    ``beside`` is None where a graph is the only input."""

    graphs: Graphs
    y: Array
    classes: int
    is_of_nodes: bool
    beside: Beside | None = None


def in_arrays(
    name: str,
    x: Array,
    edges: Array,
    y: Array,
    graph: Array | None,
    masks: Masks | None,
    edge_attr: Array | None = None,
) -> Graphs:
    """Graphs from arrays, put in the order of their graphs. Raises :class:`BadInput`."""
    import numpy as np

    if x.ndim != 2 or x.dtype.kind not in NUMBERS or not len(x):
        raise BadInput(f"{name}: x has shape {x.shape}; it has to be numbers, nodes x features")
    if not np.isfinite(x.astype("float32")).all():
        raise BadInput(f"{name}: some of x is missing or infinite; fill or drop it first")
    edges = _edges(name, edges, len(x))
    edge_attr = _edge_features(name, edge_attr, edges.shape[1])
    if graph is None:
        return Graphs(name, x, edges, y, None, masks, edge_attr)
    order, numbers = _ordered(name, graph, len(x))
    place = np.empty(len(x), dtype="int64")
    place[order] = np.arange(len(x))
    moved, owner = place[edges], graph.astype("int64")[edges]
    if (owner[0] != owner[1]).any():
        raise BadInput(f"{name}: an edge leads from one graph to another")
    along = np.argsort(moved[0], kind="stable")
    features = None if edge_attr is None else edge_attr[along]
    per_node = y[order] if len(y) == len(x) != numbers[-1] + 1 else y
    return Graphs(name, x[order], moved[:, along], per_node, numbers, masks, features)


def _edges(name: str, edges: Array, nodes: int) -> Array:
    if edges.ndim != 2 or edges.shape[0] != 2 or edges.dtype.kind not in "iu":
        raise BadInput(
            f"{name}: edge_index has shape {edges.shape} of {edges.dtype}; it has to be whole "
            "numbers, 2 x edges"
        )
    if edges.size and not 0 <= edges.min() <= edges.max() < nodes:
        raise BadInput(
            f"{name}: edges name nodes from {edges.min():,} to {edges.max():,}; x has {nodes:,}"
        )
    return edges.astype("int64")


def _edge_features(name: str, given: Array | None, edges: int) -> Array | None:
    """A row for each edge, of one number where one number is given."""
    import numpy as np

    if given is None:
        return None
    rows = given[:, None] if given.ndim == 1 else given
    if rows.ndim != 2 or len(rows) != edges or rows.dtype.kind not in NUMBERS:
        raise BadInput(
            f"{name}: edge_attr has shape {given.shape} of {given.dtype}; it has to be numbers, a "
            f"row for each of {edges:,} edges"
        )
    if not np.isfinite(rows.astype("float32")).all():
        raise BadInput(f"{name}: some of edge_attr is missing or infinite; fill or drop it first")
    return rows


def _ordered(name: str, graph: Array, nodes: int) -> tuple[Array, Array]:
    """The nodes in the order of their graphs, and then the number of each one's graph."""
    import numpy as np

    if graph.shape != (nodes,) or graph.dtype.kind not in "iu":
        raise BadInput(
            f"{name}: batch has shape {graph.shape} of {graph.dtype}; it has to be the number of "
            f"its graph for each of {nodes:,} nodes"
        )
    found = np.unique(graph)
    if not np.array_equal(found, np.arange(len(found))):
        raise BadInput(f"{name}: batch has to number the graphs from 0 on, none left out")
    order = np.argsort(graph, kind="stable")
    return order, graph[order].astype("int64")


def fitted_graphs(graphs: Graphs, data: Data, task: Task | None) -> FittedGraphs:
    """Graphs held to what a spec takes and asks. Raises :class:`BadInput`."""
    takes = types.graph_of(data.tensor())
    if takes is None:
        raise BadInput(f"{graphs.name} holds graphs; the spec takes {types.said(data.tensor())}")
    if task is None or task.answer is Answer.TOKEN:
        raise BadInput(f"{graphs.name} holds graphs, which are classified or regressed")
    _sizes(graphs, takes)
    other = graphs.number * (types.numel(data.tensor()) - types.numel(takes))
    make_room(
        COPIES * (4 * graphs.x.size + 8 * graphs.edges.size + 4 * other),
        f"holding the graphs of {graphs.name}",
    )
    is_of_nodes = task.unit(data) == "node"
    wanted = len(graphs.x) if is_of_nodes else graphs.number
    if not graphs.y.ndim or len(graphs.y) != wanted:
        what = "nodes" if is_of_nodes else "graphs"
        raise BadInput(
            f"{graphs.name}: y has shape {graphs.y.shape}; the spec asks for an answer for each of "
            f"{wanted:,} {what}"
        )
    given = Given(graphs.name, graphs.y, "node" if is_of_nodes else "graph")
    found = live(task).targets(given, data)
    beside = _beside(graphs, data)
    return FittedGraphs(graphs._replace(others=()), found.y, found.classes, is_of_nodes, beside)


def _beside(graphs: Graphs, data: Data) -> Beside | None:
    """What the spec takes beside graphs, a row for each of them. Raises :class:`BadInput`."""
    import numpy as np

    nodes = next(n for n, one in data.inputs().items() if types.graph_of(one.tensor()) is not None)
    others = {name: one for name, one in data.inputs().items() if name != nodes}
    if not others:
        return None
    clauses, count = together((*others,), (*others.values(),)), graphs.number
    if all(one.is_drawn for one in others.values()):
        return Beside(nodes, clauses.tensor(), (np.zeros((count, 0), "float32"),) * len(others))
    for name, array in graphs.others:
        if name in others and len(array) != count:
            raise BadInput(
                f"{graphs.name}: {name} has {len(array):,} rows, and there are {count:,} graphs"
            )
    found = of_inputs(graphs.name, dict(graphs.others), np.zeros(count), clauses)
    return Beside(nodes, clauses.tensor(), found.inputs)


def _sizes(graphs: Graphs, takes: types.Nodes) -> None:
    """A single graph has the sizes of the spec, which its costs are of; of many the average. The
    spec may leave the features of edges alone."""
    features, count = graphs.x.shape[1], graphs.number
    nodes, edges = round(len(graphs.x) / count), round(graphs.edges.shape[1] / count)
    same = features == takes.features and takes.edge_features in (0, graphs.edge_features)
    if (graphs.graph is None) == (takes.graphs == 0) and same:
        near = NEAR if takes.graphs else 0.0
        pairs = ((nodes, takes.nodes), (edges, takes.edges))
        if all(abs(have - want) <= near * want for have, want in pairs):
            return
    many = "" if graphs.graph is None else f", graphs={count}"
    many += f", edge_features={graphs.edge_features}" if graphs.edge_features else ""
    found = types.Nodes(
        nodes, features, edges, 0 if graphs.graph is None else count, graphs.edge_features
    )
    raise BadInput(
        f"{graphs.name} holds {_told(found)}; the spec takes {_told(takes)}: "
        f"`data graph({features}, nodes={nodes}, edges={edges}{many})`"
    )


def _told(one: types.Nodes) -> str:
    sizes = f"{one.nodes:,} nodes of {one.features:,} features and {one.edges:,} edges"
    sizes += f" of {one.edge_features:,}" if one.edge_features else ""
    graphs = one.graphs
    return f"{graphs:,} graphs of about {sizes}" if graphs else f"one graph of {sizes}"
