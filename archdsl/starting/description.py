"""What a person knows before there is a design: the data, the answer wanted, and the limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import NamedTuple

from archdsl.spec.catalog import task_of, task_with
from archdsl.spec.task import Answer, Task

SIZES = {
    "image": ("channels", "height", "width"),
    "volume": ("channels", "depth", "height", "width"),
    "series": ("length", "features"),
    "tokens": ("length", "vocab"),
    "table": ("features",),
    "graph": ("features", "nodes", "edges"),
}
GRIDS = ("image", "volume")
COLUMNS = ("table", "category")  # of a table: numbers, and ids that stand for something
BESIDE = {kind: SIZES.get(kind, ("vocab",)) for kind in (*SIZES, "category")}
SEVERAL = "inputs"  # the kind of a description of several
AUGMENTED = ("none", "basic", "strong")  # from the least to the most
DEFAULT_TASK = task_with(Answer.CLASS).word()
ALONE = task_with(Answer.VECTOR).word()  # what one side of a pair is by itself
COLOUR = 3  # channels of a photograph
SMALL_PICTURE = 64  # side up to which a picture is read as CIFAR's are
MANY_PICTURES = 10_000  # that stand strong augmentation: fewer feed a network too small for it


def sizes_of(kind: str) -> tuple[str, ...]:
    """What the sizes of a kind of data are called, in order."""
    return SIZES[kind] if kind in SIZES else BESIDE[kind]


class Input(NamedTuple):
    """One of several inputs: ``size`` is in the order of BESIDE."""

    name: str
    kind: str
    size: tuple[int, ...]


@dataclass(frozen=True)
class Description:
    """``size`` is in the order of SIZES. ``samples`` are what labels are given to: pictures, rows,
    sequences, the graphs of a graph task, the labelled nodes of a single graph.

    Of several ``inputs`` a sample is one of each; the kind is SEVERAL then, and the size nothing.
    What is ``beside`` others is one of these by itself.

    ``targets`` is the number of classes or of numbers to predict; ``latency`` is in seconds,
    ``memory`` in bytes.
    """

    kind: str
    size: tuple[int, ...]
    samples: int
    task: str = DEFAULT_TASK  # a word of the task clause
    targets: int = 1
    many_graphs: bool = False
    pretrained: bool = False
    device: str | None = None
    params: int | None = None
    latency: float | None = None
    memory: float | None = None
    inputs: tuple[Input, ...] = ()
    beside: bool = False

    def __getitem__(self, name: str) -> int:
        """A size by its name."""
        return self.size[sizes_of(self.kind).index(name)]

    @property
    def parts(self) -> dict[str, Description]:
        """Each of several inputs by itself, by its name."""
        return {one.name: self.about(one.kind, one.size) for one in self.inputs}

    def about(self, kind: str, size: tuple[int, ...]) -> Description:
        """The same of one input that stands beside others."""
        task = ALONE if self.is_pair else self.task
        many = kind == "graph"  # a single one holds all samples, and stands beside nothing
        about = replace(self, kind=kind, size=size, many_graphs=many, inputs=())
        return replace(about, beside=True, task=task)

    @property
    def are_columns(self) -> bool:
        """Whether a sample is a row of a table."""
        kinds = [one.kind for one in self.inputs] or [self.kind]
        return not self.is_pair and all(kind in COLUMNS for kind in kinds)

    @property
    def ids(self) -> int:
        """How many ids a sample has."""
        if self.inputs:
            return sum(part.ids for part in self.parts.values())
        return self["length"] if self.kind == "tokens" else int(self.kind == "category")

    @property
    def is_grid(self) -> bool:
        return self.kind in GRIDS

    @property
    def augment(self) -> str:
        """How it is usually varied in training. Photographs are mirrored and shifted, large ones of
        which there are many turned and recoloured too; digits, scans and clips mean something else
        when mirrored, and are shifted only. Of several inputs it is that of the one varied most."""
        if self.inputs:
            return max((part.augment for part in self.parts.values()), key=AUGMENTED.index)
        if not self.is_grid:
            return "none"
        large = self.kind == "image" and max(self.spatial) > SMALL_PICTURE
        many = self.samples >= MANY_PICTURES
        return "strong" if large and many and self.channels == COLOUR else "basic"

    @property
    def asks(self) -> type[Task]:
        """What is to come out."""
        return task_of(self.task)

    @property
    def is_pair(self) -> bool:
        """Whether what one input becomes is to find what the other does."""
        return self.asks.answer is Answer.PAIR

    @property
    def predicts_tokens(self) -> bool:
        return self.asks.answer is Answer.TOKEN

    @property
    def predicts_numbers(self) -> bool:
        return self.asks.answer is Answer.NUMBERS

    @property
    def classes_apart(self) -> int:
        """Classes or labels to tell apart, of what is no text to be gone on with; else 0."""
        return self.targets if self.asks.answer in (Answer.CLASS, Answer.LABELS) else 0

    @property
    def is_forecast(self) -> bool:
        """Whether numbers are to be told from a window of a series."""
        return self.kind == "series" and self.predicts_numbers and not self.beside

    @property
    def has_graph(self) -> bool:
        """Whether it is a graph, or one of several inputs is."""
        return "graph" in (self.kind, *(one.kind for one in self.inputs))

    @property
    def is_one_graph(self) -> bool:
        """Whether there is one graph, whose nodes are the samples."""
        return self.kind == "graph" and not self.many_graphs

    @property
    def is_sequence(self) -> bool:
        return self.kind in ("series", "tokens")

    @property
    def spatial(self) -> tuple[int, ...]:
        """The sizes along which neighbours stand."""
        if self.is_grid:
            return self.size[1:]
        return self.size[:1] if self.is_sequence else ()

    @property
    def channels(self) -> int:
        """Numbers at one position, in one row or at one node."""
        return self["channels"] if self.is_grid else self["features"]

    @property
    def positions(self) -> int:
        return prod(self.spatial)

    @property
    def units(self) -> int:
        """What is learnt from one by one: samples, or the tokens of ``next_token``."""
        return self.samples * (self["length"] if self.predicts_tokens else 1)

    @property
    def unit(self) -> str:
        if self.predicts_tokens:
            return "tokens"
        return "labelled nodes" if self.is_one_graph else "samples"

    @property
    def classes(self) -> str:
        """The number of answers as the model's text says it."""
        if self.predicts_tokens:
            return "vocab"
        return str(self.targets) if self.predicts_numbers else self.asks.positional[0]
