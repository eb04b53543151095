"""What a picture holds, whatever it is drawn as: boxes in boxes, and edges between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.diagnostics import Diagnostic


class Kind(str, Enum):
    """What a box stands for."""

    INPUT = "input"
    LAYER = "layer"  # an op, or what is not drawn open
    GROUP = "group"  # a block, a let or a repeated part, with what is inside
    CHOICE = "choice"  # alternatives, of which a design has one
    JOIN = "join"  # where alternatives meet again
    OUTPUT = "output"


class By(str, Enum):
    """What the bars tell."""

    PARAMS = "params"
    MACS = "macs"
    MEMORY = "memory"


class Amounts(NamedTuple):
    """What a part costs: learned numbers, multiply-accumulates of a sample, and the bytes of its
    weights and of all that its ops give for a sample, in fp32."""

    params: int = 0
    macs: int = 0
    memory: int = 0

    def of(self, by: By) -> int:
        """One of them."""
        return int(getattr(self, by.value))


NOTHING = Amounts()


@dataclass(frozen=True)
class Box:
    """One box. ``key`` is unique in its picture; ``title`` says what it is, ``name`` what the spec
    calls it, ``times`` how many copies there are, ``family`` of which kind of layer it is.

    ``options`` are the alternatives of a choice that is not drawn open, ``lines`` what else is told
    in it, ``then`` small steps that follow. ``sizes`` are those of what it gives. ``findings`` are
    places in the picture's list. ``is_closed``: it has more inside than is drawn.
    """

    key: str
    kind: Kind
    title: str
    name: str = ""
    times: str = ""
    family: str = ""
    options: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    sizes: str = ""
    amounts: Amounts = NOTHING
    findings: tuple[int, ...] = ()
    inside: tuple[Box, ...] = ()
    is_closed: bool = False

    @property
    def is_named_by_title(self) -> bool:
        """Whether the spec's name for it is the word that its title begins with."""
        return self.title.partition("(")[0] == self.name

    @property
    def heading(self) -> str:
        """Its name and what it is, in one line."""
        if self.name and self.title and not self.is_named_by_title:
            return f"{self.name}: {self.title}"
        return self.title or self.name

    def every(self) -> Iterator[Box]:
        """The box and all inside, from the outside in."""
        yield self
        for box in self.inside:
            yield from box.every()


class Edge(NamedTuple):
    """A tensor from one box to another, by their keys. ``sizes`` are its, which it ``changes`` to
    where they are others than those of what its source reads. ``optional``: some designs have it.
    """

    source: str
    target: str
    sizes: str
    changes: bool = True
    optional: bool = False


@dataclass(frozen=True)
class Picture:
    """A design or a space. ``name`` is that of its ``arch``, ``doc`` the comment above it,
    ``facts`` what is told of the whole, ``remarks`` how to read it; ``edges`` lead from and to
    boxes without others inside."""

    name: str
    doc: str
    facts: tuple[str, ...]
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    by: By
    findings: tuple[Diagnostic, ...] = ()
    remarks: tuple[str, ...] = ()

    def every(self) -> Iterator[Box]:
        """All boxes, from the outside in."""
        for box in self.boxes:
            yield from box.every()
