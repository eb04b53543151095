"""Several inputs: each is read by what fits it alone, and what is read is joined."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from textwrap import indent
from typing import TYPE_CHECKING

from archdsl.starting.budget import held
from archdsl.starting.families import Family, Size, Tower, body
from archdsl.starting.families.gathering import embedding_width, needed
from archdsl.starting.sizing import LEAST_BATCH, evaluated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.starting.description import Description

JOINED = (8, 16, 32, 64)  # features of the hidden layer behind what is joined
PAIR = 2  # inputs that are compared with each other
JOINED_LATE = (
    "each input is read by what it would be read by alone, and what is read is joined before a "
    "hidden layer, so that the answer can rest on what one input says of another"
)
APART = (
    "each input is read by what it would be read by alone, and becomes a vector of the same size; "
    "nothing joins them, so that the partner of one can be looked up among many (P827)"
)
SHARED = (
    "inputs of one kind and size are read by one set of weights, a `module`; where they are "
    "different things, call the block for each instead"
)
COMPARED = (
    "of a pair the difference and the product are joined, too (Conneau et al. 2017, "
    "arXiv:1705.02364)"
)


@dataclass(frozen=True)
class Read:
    """Inputs that are read together: the columns of a table by one tower, or what is alike by one
    set of weights, each by itself; by a family, of this size at most."""

    names: tuple[str, ...]
    family: Family
    size: Size

    @property
    def is_columns(self) -> bool:
        return self.family.data.kind == "table"

    @property
    def is_shared(self) -> bool:
        """Whether the inputs are of one kind and size, so that one set of weights reads each."""
        return len(self.names) > 1 and not self.is_columns

    @property
    def label(self) -> str:
        """What is read, as a part of a name."""
        return "columns" if self.is_columns and len(self.names) > 1 else self.names[0]

    @cached_property
    def smaller(self) -> dict[Size, int]:
        """The sizes up to its own, each with the parameters of a design of this family alone."""
        sizes = list(self.family.sizes())
        own = sizes[: sizes.index(self.size) + 1]
        return {size: evaluated(self.family, size, LEAST_BATCH).params for size in own}

    def within(self, most: int) -> Size:
        """The largest size of no more parameters, the smallest if there is none."""
        sizes = list(self.smaller)
        fitting = [size for size in sizes if self.smaller[size] <= most]
        return fitting[-1] if fitting else sizes[0]


def groups(data: Description) -> dict[tuple[str, ...], Description]:
    """What is read together, and as what: columns as the table that they make when ids are
    vectors, and inputs of one kind and size as one of them."""
    found: dict[object, list[str]] = {}
    for name, part in data.parts.items():
        columns = name if data.is_pair else "columns"
        found.setdefault(columns if part.are_columns else (part.kind, part.size), []).append(name)
    read = {}
    for names in found.values():
        first = data.parts[names[0]]
        if first.are_columns:
            widths = sum(_width(data.parts[name]) for name in names)
            first = first.about("table", (widths,))
        read[tuple(names)] = first
    return read


def _width(column: Description) -> int:
    return embedding_width(column["vocab"]) if column.kind == "category" else column["features"]


class Towers(Family):
    """A tower for each input, joined before a hidden layer."""

    name = "Towers"

    def __init__(self, data: Description, readers: Sequence[Read]) -> None:
        super().__init__(data)
        self.readers = readers
        families = [reader.family for reader in readers]
        if self._is_table:
            self.name = families[0].name  # type: ignore[misc]
        self.lr = min((family.lr for family in families), key=float)  # type: ignore[misc]
        self.weight_decay = max(  # type: ignore[misc]
            (family.weight_decay for family in families), key=float
        )
        self.warms_up = any(family.warms_up for family in families)  # type: ignore[misc]

    @property
    def usual(self) -> Size:
        return self.sizes()[-1]

    def sizes(self) -> Sequence[Size]:
        """How many parameters each tower may have, and the hidden layer, up to those that it would
        have alone: what is small is as large as it will be before the others are."""
        steps = {width * JOINED[-1] for width in JOINED}
        steps.update(count for reader in self.readers for count in reader.smaller.values())
        return [Size(step) for step in sorted(steps)]

    def tower(self, size: Size) -> Tower:
        lets: list[str] = []
        joined: list[str] = []
        for number, reader in enumerate(self.readers):
            lets += self._lets(reader, number, size)
            joined += self._joined(reader)
        if len(joined) == 1:
            return Tower(tuple(lets), joined[0])
        return Tower(tuple(lets), f"concat({', '.join(joined)}) -> {self._hidden(size)}")

    def model(self, size: Size) -> str:
        return self._pair(size) if self.data.is_pair else super().model(size)

    def _pair(self, size: Size) -> str:
        """A vector of each input, of inputs alike by one set of weights to the end."""
        lets = [
            one for at, reader in enumerate(self.readers) for one in self._lets(reader, at, size)
        ]
        head = f"linear({self.data.classes})"
        if any(reader.is_shared for reader in self.readers):
            lets.append(f"module projection = {head}")
            head = "projection"
        names = (name for reader in self.readers for name in reader.names)
        return body(*lets, f"return {', '.join(f'{name}_features -> {head}' for name in names)}")

    def _lets(self, reader: Read, number: int, size: Size) -> Iterator[str]:
        """What reads some inputs, and what it makes of them."""
        reads = self._chain(reader, size)
        if reader.is_shared:
            module = f"tower{number + 1}" if number else "tower"
            yield f"module {module} = {reads}"
            yield from (f"let {name}_features = {name} -> {module}" for name in reader.names)
            return
        parts = [self._column(name) for name in reader.names]
        together = parts[0] if len(parts) == 1 else f"concat({', '.join(parts)})"
        yield f"let {reader.label}_features = {together}{f' -> {reads}' if reads else ''}"

    def _column(self, name: str) -> str:
        part = self.data.parts[name]
        if part.kind != "category":
            return name
        rule, vocab = embedding_width(part["vocab"]), part["vocab"]
        held_back = int(held(self.data) * self.data.samples) // vocab
        return f"{name} -> embedding({min(rule, max(held_back, 1))})"

    def _chain(self, reader: Read, size: Size) -> str:
        """A tower as a chain: the call of its block, where it has several lets."""
        tower = reader.family.tower(reader.within(size.width))
        return f"{reader.label}_tower" if len(tower.lets) > 1 else _as_chain(tower)

    def _joined(self, reader: Read) -> list[str]:
        """What the hidden layer gets of some inputs; of a pair also what they have in common."""
        if not reader.is_shared:
            return [f"{reader.label}_features"]
        vectors = [f"{name}_features" for name in reader.names]
        if len(vectors) != PAIR:
            return vectors
        both = ", ".join(vectors)
        return [*vectors, f"subtract({both}) -> abs", f"mul({both})"]

    def _hidden(self, size: Size) -> str:
        fitting = [width for width in JOINED if width * JOINED[-1] <= size.width]
        width = max(*fitting, JOINED[0], ceil(needed(self.data) / 8) * 8)
        return f"linear({width}) -> {'silu' if self.data.predicts_numbers else 'relu'}"

    def blocks(self, size: Size) -> str:
        texts = []
        for reader in self.readers:
            own = reader.within(size.width)
            lets, vector = tower = reader.family.tower(own)
            texts.append(reader.family.blocks(own))
            if len(tower.lets) > 1:
                inside = indent("\n".join((*lets, f"return {vector}")), "  ")
                texts.append(f"block {reader.label}_tower() {{\n{inside}\n}}\n")
        return "\n".join(dict.fromkeys(filter(None, texts)))

    def why(self) -> str:
        told = [
            f"{_listed(reader.names)} by {reader.family.name}: {reader.family.why()}"
            for reader in self.readers
        ]
        if any(reader.is_shared for reader in self.readers):
            told.append(SHARED)
        if self._compares:
            told.append(COMPARED)
        joined = [APART] if self.data.is_pair else [] if self._is_table else [JOINED_LATE]
        return "; ".join([*joined, *told])

    @property
    def _compares(self) -> bool:
        pairs = (reader.is_shared and len(reader.names) == PAIR for reader in self.readers)
        return not self.data.is_pair and any(pairs)

    @property
    def _is_table(self) -> bool:
        """Whether all inputs are the columns of one table."""
        return len(self.readers) == 1 and self.readers[0].is_columns

    def shape(self, size: Size) -> str:
        shapes = (
            f"{_listed(reader.names)}: {reader.family.shape(reader.within(size.width))}"
            for reader in self.readers
        )
        return "; ".join(shapes)


def _as_chain(tower: Tower) -> str:
    """A tower of one let, or of none, as a chain behind its input."""
    if not tower.lets:
        return tower.vector
    name, _, chain = tower.lets[0].removeprefix("let ").partition(" = x -> ")
    return chain + tower.vector.removeprefix(name)


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names)
