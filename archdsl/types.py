"""Tensor types: a kind and its sizes. The batch is never part of a type.

Types are named tuples, so they hash and compare at C speed; the trailing ``kind`` keeps two kinds
of equal sizes apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from typing import TypeGuard


class Vector(NamedTuple):
    """(C): a row of features per sample. PyTorch: N×C."""

    features: int
    kind: str = "vector"


class Image(NamedTuple):
    """(C, H, W). PyTorch: N×C×H×W."""

    channels: int
    height: int
    width: int
    kind: str = "image"


class Volume(NamedTuple):
    """(C, D, H, W). PyTorch: N×C×D×H×W."""

    channels: int
    depth: int
    height: int
    width: int
    kind: str = "volume"


class Padded(NamedTuple):
    """Rows of different lengths, padded at their ends to one length. ``lengths`` is what the model
    is given beside them, by its name in the forward pass: the length of each row of an input. Here
    a row has ``(lengths + more) // per`` positions."""

    lengths: str
    more: int = 0
    per: int = 1

    def then(self, more: int, per: int = 1) -> Padded:
        """After a layer that makes ``(n + more) // per`` positions of n."""
        return Padded(self.lengths, self.more + self.per * more, self.per * per)

    @property
    def text(self) -> str:
        """The lengths in Python, with ``{lengths}`` for what the model is given."""
        given = "{lengths}"
        if self.more:
            given = f"{given} {'+' if self.more > 0 else '-'} {abs(self.more)}"
        if self.per == 1:
            return given
        return f"({given}) // {self.per}" if self.more else f"{given} // {self.per}"

    def __str__(self) -> str:
        return self.text.format(lengths=self.lengths)


LENGTHS = Padded("lengths")  # of the only input


class Sequence(NamedTuple):
    """(L, C): features at each of L positions. PyTorch: N×L×C (batch_first)."""

    length: int
    features: int
    padded: Padded | None = None
    kind: str = "sequence"


class Tokens(NamedTuple):
    """(L): ids below ``vocab``. PyTorch: N×L, int64."""

    length: int
    vocab: int
    padded: Padded | None = None
    kind: str = "tokens"


class Category(NamedTuple):
    """(): one id below ``vocab`` per sample. PyTorch: N, int64."""

    vocab: int
    kind: str = "category"


CONTEXT = ("edge_index", "edge_attr", "batch")  # beside the nodes of a graph, in PyG's order


class Nodes(NamedTuple):
    """(N, C): the nodes of a graph, with ``edges`` directed edges between them.

    ``graphs`` is 0 for one big graph whose nodes are labelled, else the number of graphs of the
    data, ``nodes`` and ``edges`` then being those of an average graph. ``edge_features`` is how
    many each edge has; ``degrees`` how many nodes have 0, 1, … edges that lead to them, where the
    data say so. PyTorch Geometric: ``(x, edge_index, edge_attr, batch)``.
    """

    nodes: int
    features: int
    edges: int
    graphs: int = 0
    edge_features: int = 0
    degrees: tuple[int, ...] = ()
    kind: str = "nodes"

    def context(self) -> frozenset[str]:
        """What a model is given beside the nodes, by the names of its forward pass."""
        there = (("edge_attr", self.edge_features), ("batch", self.graphs))
        return frozenset({"edge_index", *(name for name, count in there if count)})


class Auxiliary(NamedTuple):
    """A result that is there in training only; ``weight`` is what its loss counts. It stands
    beside others in :class:`Outputs`, and no layer reads it."""

    part: TensorType
    weight: float = 1.0
    kind: str = "auxiliary"


class Outputs(NamedTuple):
    """Several results of a block or a model; of a model's, the first is the one its task is
    about, which is no :class:`Auxiliary`."""

    parts: tuple[TensorType, ...]
    kind: str = "outputs"


class Inputs(NamedTuple):
    """Several inputs of a model, each by its name. No layer takes them together."""

    names: tuple[str, ...]
    parts: tuple[TensorType, ...]
    kind: str = "inputs"


class Unknown(NamedTuple):
    """What a layer gives that is mistaken: nothing that follows from it is a mistake of its own.
    Met only where further mistakes are looked for (:mod:`archdsl.evaluate.going_on`)."""

    kind: str = "unknown"


TensorType = (
    Vector | Image | Volume | Sequence | Tokens | Category | Nodes | Outputs | Auxiliary | Inputs
)
IDS = (Tokens, Category)
UNKNOWN = cast("TensorType", Unknown())


def padding(tensor: TensorType) -> Padded | None:
    """How its rows are padded; None where they are of one length."""
    return tensor.padded if isinstance(tensor, (Sequence, Tokens)) else None


def unpadded(tensor: TensorType) -> TensorType:
    """The same with rows of one length."""
    if padding(tensor) is None:
        return tensor
    assert isinstance(tensor, (Sequence, Tokens))
    return tensor._replace(padded=None)


def inputs(takes: TensorType) -> dict[str, TensorType]:
    """The inputs of a model by the names that its body gives them."""
    if isinstance(takes, Inputs):
        return dict(zip(takes.names, takes.parts, strict=True))
    return {"x": takes}


def shape(tensor: TensorType) -> tuple[int, ...]:
    """The sizes in PyTorch's order, without the batch (for a graph: its nodes × features); of
    several tensors those of the first."""
    if isinstance(tensor, (Outputs, Inputs)):
        return shape(tensor.parts[0])
    if isinstance(tensor, Auxiliary):
        return shape(tensor.part)
    if isinstance(tensor, Nodes):
        return (tensor.nodes, tensor.features)
    if isinstance(tensor, Tokens):
        return (tensor.length,)
    if isinstance(tensor, Category):
        return ()
    if isinstance(tensor, Sequence):
        return (tensor.length, tensor.features)
    return tuple(tensor[:-1])


def graph_of(takes: TensorType) -> Nodes | None:
    """The graph that flows into a model, by itself or among other inputs; there is at most one."""
    return next((one for one in inputs(takes).values() if isinstance(one, Nodes)), None)


def given_beside(takes: TensorType) -> tuple[str, ...]:
    """What a model is given behind its inputs, by the names of its forward pass and in its order:
    the edges of a graph, and the lengths of rows that are padded."""
    graph = graph_of(takes)
    edges = graph.context() if graph is not None else ()
    return (*(name for name in CONTEXT if name in edges), *lengths_beside(takes))


def lengths_beside(takes: TensorType) -> dict[str, Sequence | Tokens]:
    """The lengths of rows that a model is given beside its inputs, by their names in its forward
    pass, and in its order: each with the input whose rows they are of."""
    parts = inputs(takes).values()
    found = [one for one in parts if isinstance(one, (Sequence, Tokens)) and one.padded is not None]
    return dict(sorted((one.padded.lengths, one) for one in found if one.padded is not None))


def arguments(takes: TensorType) -> dict[str, TensorType]:
    """What a model is given, a graph's edges left out: its inputs by their names, and behind them
    the lengths of rows that are padded, a whole number each."""
    beside = lengths_beside(takes)
    return {**inputs(takes), **{name: Category(x.length + 1) for name, x in beside.items()}}


def input_shape(takes: TensorType) -> tuple[int, ...] | dict[str, tuple[int, ...]]:
    """The sizes of what flows into a model; of several inputs those of each, by its name."""
    if isinstance(takes, Inputs):
        return {name: shape(part) for name, part in inputs(takes).items()}
    return shape(takes)


def numel(tensor: TensorType) -> int:
    """Elements per sample."""
    if isinstance(tensor, (Outputs, Inputs)):
        return sum(numel(part) for part in tensor.parts)
    product = 1
    for size in shape(tensor):
        product *= size
    return product


def channels(tensor: TensorType) -> int:
    """The size of the axis that layers mix: channels or features; 1 for ids."""
    if isinstance(tensor, (Image, Volume)):
        return tensor.channels
    if isinstance(tensor, IDS):
        return 1
    if isinstance(tensor, (Outputs, Inputs)):
        return channels(tensor.parts[0])
    if isinstance(tensor, Auxiliary):
        return channels(tensor.part)
    return tensor.features


def spatial(tensor: TensorType) -> tuple[int, ...]:
    """The sizes of the axes that convolutions slide over: (L), (H, W) or (D, H, W); else ()."""
    if isinstance(tensor, Image):
        return (tensor.height, tensor.width)
    if isinstance(tensor, Volume):
        return (tensor.depth, tensor.height, tensor.width)
    if isinstance(tensor, Sequence):
        return (tensor.length,)
    return ()


def is_ids(tensor: TensorType) -> TypeGuard[Tokens | Category]:
    """Whether it holds ids, whole numbers that only an embedding reads."""
    return isinstance(tensor, IDS)


def extent(tensor: TensorType) -> int:
    """The size of its longest spatial axis; 1 where it has none."""
    return max(spatial(tensor) or (1,))


Grid = Image | Volume | Sequence


def is_one_graph(tensor: TensorType) -> TypeGuard[Nodes]:
    """Whether it is a single graph, whose nodes are the samples."""
    return isinstance(tensor, Nodes) and not tensor.graphs


def resized(tensor: Grid, features: int, extent: tuple[int, ...]) -> Grid:
    """A grid of the same kind with other channels and spatial sizes."""
    if isinstance(tensor, Image):
        height, width = extent
        return Image(features, height, width)
    if isinstance(tensor, Volume):
        depth, height, width = extent
        return Volume(features, depth, height, width)
    return Sequence(extent[0], features)


def with_channels(tensor: TensorType, features: int) -> TensorType:
    """The same tensor with another number of channels or features."""
    if isinstance(tensor, (Image, Volume)):
        return tensor._replace(channels=features)
    if isinstance(tensor, (Vector, Sequence, Nodes)):
        return tensor._replace(features=features)
    raise TypeError(f"{tensor.kind} has no channels")


def describe(tensor: TensorType) -> str:
    """``64×56×56 image`` — the type as people are told it."""
    if isinstance(tensor, Outputs):
        return " and ".join(describe(part) for part in tensor.parts)
    if isinstance(tensor, Inputs):
        pairs = zip(tensor.names, tensor.parts, strict=True)
        return _listed([f"{name} ({describe(part)})" for name, part in pairs])
    if isinstance(tensor, Category):
        return f"id below {tensor.vocab}"
    if isinstance(tensor, Auxiliary):
        return f"{describe(tensor.part)} in training only"
    sizes = "×".join(str(size) for size in shape(tensor))
    padded = "padded " if padding(tensor) is not None else ""
    if isinstance(tensor, Tokens):
        return f"{sizes} {padded}tokens below {tensor.vocab}"
    return f"{sizes} {padded}{tensor.kind}"


def said(tensor: TensorType) -> str:
    """``a vector of 10``, ``an 8×32×32 image``, ``7×4 nodes``"""
    if isinstance(tensor, Vector):
        return f"a vector of {tensor.features}"
    if isinstance(tensor, Category):
        return f"an {describe(tensor)}"
    if isinstance(tensor, Inputs):
        pairs = zip(tensor.names, tensor.parts, strict=True)
        return _listed([f"{said(part)} (`{name}`)" for name, part in pairs])
    if isinstance(tensor, Outputs):
        return " and ".join(said(part) for part in tensor.parts)
    if isinstance(tensor, Auxiliary):
        return f"{said(tensor.part)} in training only"
    text = describe(tensor)
    if isinstance(tensor, (Nodes, Tokens)):
        return text
    first = text.partition("×")[0]
    return f"{'an' if first.startswith('8') or first in ('11', '18') else 'a'} {text}"


def _listed(told: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``"""
    return " and ".join((", ".join(told[:-1]), told[-1])) if len(told) > 1 else told[0]
