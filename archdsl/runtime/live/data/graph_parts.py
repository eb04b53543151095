"""Graphs in three parts, in batches as PyTorch Geometric makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.graphs import Masks
from archdsl.runtime.live.data.scaling import scaled_inputs
from archdsl.types import arguments, numel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from torch import Generator, Tensor

    from archdsl.runtime.live.arrays import Array
    from archdsl.runtime.live.data.graphs import FittedGraphs, Graphs

    Augment = Callable[[Tensor, Generator], Tensor]
    Augments = Augment | tuple[Augment | None, ...]  # of the only input, or of each

TESTED = VALIDATED = 0.2  # of all nodes or graphs, each, where the data do not say
FEWEST = 10
HIDDEN = -100  # the class of a node of another part, which torch's cross-entropy leaves out
INPUTS = ("x", "edge_index", "batch")  # by their names in the forward pass, where nobody says more


class GraphParts(NamedTuple):
    """What a model learns from, what it is chosen by, and what its figure is of."""

    training: GraphBatches
    validation: GraphBatches
    test: GraphBatches


class GraphBatches:
    """One part in batches: the arguments of a forward pass, and the targets.

    Of many graphs a batch is some of them beside each other. Of a single graph it is the whole
    graph, and the targets of its nodes in other parts are hidden: -100 where there are classes,
    else not a number.
    """

    def __init__(
        self,
        graphs: Graphs,
        y: Array,
        places: Array,
        per_node: bool,
        size: int,
        inputs: tuple[str, ...] = INPUTS,
        device: str = "cpu",
        least: int = 1,
        augment: Augments | None = None,
        beside: Mapping[str, Array] | None = None,
        drawn: Mapping[str, int] | None = None,
        nodes: str = "x",
    ) -> None:
        import numpy as np
        import torch

        self.x = torch.from_numpy(graphs.x.astype("float32"))
        self.edges, self.y = torch.from_numpy(graphs.edges), torch.from_numpy(y)
        features = (
            np.zeros((graphs.edges.shape[1], 0)) if graphs.edge_attr is None else graphs.edge_attr
        )
        self.edge_attr = torch.from_numpy(features.astype("float32"))
        self.places, self.per_node, self.inputs = places, per_node, inputs
        self.size, self.device, self.least = max(size, least), device, least
        pairs = zip(inputs, augment if isinstance(augment, tuple) else (augment,), strict=False)
        self.augments = {name: one for name, one in pairs if one is not None}
        others = beside.items() if beside is not None else ()
        self.beside = {name: torch.from_numpy(array) for name, array in others}
        self.drawn, self.named = drawn or {}, nodes
        self.is_single = graphs.graph is None
        borders = np.arange(graphs.number + 1)
        owner = np.zeros(len(graphs.x), dtype="int64") if graphs.graph is None else graphs.graph
        self.nodes = np.searchsorted(owner, borders)  # where each graph's nodes begin
        self.ends = np.searchsorted(graphs.edges[0], self.nodes) if not self.is_single else None
        if self.is_single:
            shown = torch.zeros(len(y), dtype=torch.bool)
            shown[torch.from_numpy(places)] = True
            hidden = HIDDEN if y.dtype.kind == "i" else float("nan")
            self.y = torch.where(shown.reshape(-1, *[1] * (y.ndim - 1)), self.y, hidden)

    @property
    def samples(self) -> int:
        """Nodes of this part of a single graph, else graphs."""
        return len(self.places)

    def __len__(self) -> int:
        if self.is_single:
            return 1
        whole, left = divmod(self.samples, self.size)
        return whole + (left >= self.least and left > 0)

    def epoch(self, seed: int | None) -> Iterator[tuple[tuple[Tensor, ...], Tensor]]:
        """All batches once: shuffled and augmented as the seed says, or in order without it."""
        import torch

        chance = torch.Generator().manual_seed(seed) if seed is not None else None
        noise = torch.Generator().manual_seed(0)
        for places in self._batches(chance):
            yield self._batch(places, chance, noise)

    def _batches(self, chance: Generator | None) -> Iterator[Array]:
        import torch

        if self.is_single:
            yield self.places
            return
        order = self.places
        if chance is not None:
            order = order[torch.randperm(len(order), generator=chance).numpy()]
        for start in range(0, len(order), self.size):
            part = order[start : start + self.size]
            if chance is None or len(part) >= self.least:
                yield part

    def _batch(
        self, places: Array, chance: Generator | None, noise: Generator
    ) -> tuple[tuple[Tensor, ...], Tensor]:
        given, y = self._whole() if self.is_single else self._beside(places)
        given |= self._of_each(places, chance or noise)
        if chance is not None:
            for name, vary in self.augments.items():
                given[name] = vary(given[name], chance)
        inputs = tuple(given[name].to(self.device) for name in self.inputs)
        return inputs, y.to(self.device)

    def _of_each(self, places: Array, chance: Generator) -> dict[str, Tensor]:
        """What stands beside some graphs, a row for each of them."""
        import torch

        found = {name: array[torch.from_numpy(places)] for name, array in self.beside.items()}
        for name, numbers in self.drawn.items():
            found[name] = torch.randn(len(places), numbers, generator=chance)
        return found

    def _whole(self) -> tuple[dict[str, Tensor], Tensor]:
        import torch

        batch = torch.zeros(len(self.x), dtype=torch.int64)
        beside = {"edge_index": self.edges, "edge_attr": self.edge_attr, "batch": batch}
        return {self.named: self.x, **beside}, self.y

    def _beside(self, places: Array) -> tuple[dict[str, Tensor], Tensor]:
        """Some graphs beside each other, their nodes numbered on."""
        import torch

        assert self.ends is not None
        rows = [slice(*self.nodes[place : place + 2]) for place in places]
        sizes = torch.tensor([row.stop - row.start for row in rows])
        starts = torch.cumsum(sizes, 0) - sizes
        along = [slice(*self.ends[place : place + 2]) for place in places]
        edges = [
            self.edges[:, those] - int(row.start) + start
            for those, row, start in zip(along, rows, starts, strict=True)
        ]
        given = {
            self.named: torch.cat([self.x[row] for row in rows]),
            "edge_index": torch.cat(edges, 1),
            "edge_attr": torch.cat([self.edge_attr[those] for those in along]),
            "batch": torch.arange(len(rows)).repeat_interleave(sizes),
        }
        if self.per_node:
            return given, torch.cat([self.y[row] for row in rows])
        return given, self.y[torch.from_numpy(places)]


def graph_parts(
    data: FittedGraphs,
    seed: int,
    size: int,
    inputs: tuple[str, ...] = INPUTS,
    device: str = "cpu",
    least: int = 1,
    augment: Augments | None = None,
) -> GraphParts:
    """Graphs in three parts: as their masks say, else a fifth each for validation and testing, the
    classes in the same shares.

    Of a single graph the nodes are parted, of many the graphs. Features are standardised by the
    training part, unless all are 0 or 1; targets of a regression too. ``inputs`` are the names of
    what the model's forward pass takes, ``size`` the graphs of a batch, of which training takes
    at ``least`` so many. ``augment`` changes the nodes in training, or each of several inputs.

    Raises :class:`BadInput` for masks that do not fit and for too little data.
    """
    import numpy as np

    graphs = data.graphs
    single = graphs.graph is None
    masks = _masks(data, seed)
    learned = np.flatnonzero(masks.training)
    own = masks.training if single or graphs.graph is None else masks.training[graphs.graph]
    y = data.y
    if not data.classes:
        y = _standardised(y, y[own if data.is_of_nodes else learned]).astype("float32")
    if not np.isin(graphs.x, (0, 1)).all():
        graphs = graphs._replace(x=_standardised(graphs.x, graphs.x[own]))
    if graphs.edge_attr is not None and not np.isin(graphs.edge_attr, (0, 1)).all():
        seen = graphs.edge_attr[own[graphs.edges[0]]]
        if len(seen):
            graphs = graphs._replace(edge_attr=_standardised(graphs.edge_attr, seen))
    given, drawn, nodes = _beside(data, masks.training)
    made = []
    for mask in masks:
        is_training = mask is masks.training
        made.append(
            GraphBatches(
                graphs, y, np.flatnonzero(mask), data.is_of_nodes, size, inputs, device,
                least if is_training else 1, augment if is_training else None, given, drawn, nodes,
            )
        )  # fmt: skip
    return GraphParts(*made)


def _beside(data: FittedGraphs, learned: Array) -> tuple[dict[str, Array], dict[str, int], str]:
    """What other inputs have for each graph, standardised, by their names; how many numbers are
    drawn for those that are in no data; and what the graph is called."""
    if data.beside is None:
        return {}, {}, "x"
    nodes, takes, x = data.beside
    arrays, _ = scaled_inputs(x, takes, learned)
    given = dict(zip(arguments(takes), arrays, strict=True))
    drawn = {
        name: numel(arguments(takes)[name]) for name, a in given.items() if a.shape[1:] == (0,)
    }
    return {name: array for name, array in given.items() if name not in drawn}, drawn, nodes


def _masks(data: FittedGraphs, seed: int) -> Masks:
    import numpy as np

    graphs = data.graphs
    count = len(graphs.x) if graphs.graph is None else graphs.number
    what = "nodes" if graphs.graph is None else "graphs"
    if graphs.masks is None:
        return _drawn(data, count, what, seed)
    for mask in graphs.masks:
        if len(mask) != count:
            raise BadInput(f"{graphs.name}: a mask has {len(mask):,} entries for {count:,} {what}")
        if not mask.any():
            raise BadInput(f"{graphs.name}: a mask has none of the {what}")
    if (np.sum(graphs.masks, axis=0) > 1).any():
        raise BadInput(f"{graphs.name}: some of the {what} are in several of the masks")
    return graphs.masks


def _drawn(data: FittedGraphs, count: int, what: str, seed: int) -> Masks:
    import numpy as np

    if count < FEWEST:
        name = data.graphs.name
        raise BadInput(f"{name} has {count} {what}; splitting takes at least {FEWEST}")
    chance, which = np.random.default_rng(seed), np.zeros(count, dtype=int)
    groups = data.y if data.classes and data.y.ndim == 1 and len(data.y) == count else which.copy()
    for group in np.unique(groups):
        places = chance.permutation(np.flatnonzero(groups == group))
        tested, validated = round(TESTED * len(places)), round(VALIDATED * len(places))
        which[places[:tested]] = 2
        which[places[tested : tested + validated]] = 1
    masks = Masks(which == 0, which == 1, which == 2)
    if not all(mask.any() for mask in masks):
        raise BadInput(
            f"{data.graphs.name} has too few {what} of each class to put any aside for testing"
        )
    return masks


def _standardised(values: Array, seen: Array) -> Array:
    import numpy as np

    mean, deviation = seen.mean(0, dtype="float64"), seen.std(0, dtype="float64")
    scaled: Array = (values - mean) / np.where(deviation <= 1e-8 * abs(mean), 1.0, deviation)
    return scaled.astype("float32")
