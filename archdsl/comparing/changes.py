"""What is different between two versions of a spec, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from archdsl.cost.rows import LayerRow
    from archdsl.diagnostics import Diagnostic


class Change(NamedTuple):
    """One thing by its name, as it was and as it is; None where it is not there."""

    name: str
    old: Any
    new: Any


class LayerChange(NamedTuple):
    """A row of the table of layers that is gone (``new`` is None), added (``old`` is None), or has
    other sizes or costs."""

    old: LayerRow | None
    new: LayerRow | None


class Resized(NamedTuple):
    """A tensor of the state dict that has other sizes."""

    name: str
    old: tuple[int, ...]
    new: tuple[int, ...]


class Row(NamedTuple):
    """A row of the ``weights`` clause that leads old names to new ones; ``new`` is None for what is
    dropped."""

    old: str
    new: str | None

    @property
    def text(self) -> str:
        """As it is written in a spec."""
        return f'"{self.old}" -> {"drop" if self.new is None else self.quoted}'

    @property
    def quoted(self) -> str:
        return f'"{self.new}"'


@dataclass(frozen=True)
class WeightChanges:
    """What becomes of the tensors of an old state dict.

    ``kept`` have the same name and sizes, ``renamed`` the same place and sizes under another name,
    ``resized`` the same name and other sizes; ``lost`` and ``gained`` are on one side alone.
    ``rows`` of a ``weights`` clause make the new module load an old file whole; they were tried,
    and are empty where none are needed or none would do. ``origin`` is the clause of the new
    version that does so already, if it has one.
    """

    kept: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    resized: tuple[Resized, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    origin: str = ""

    @property
    def same(self) -> bool:
        """Whether old weights load as they are."""
        return not (self.renamed or self.resized or self.lost or self.gained)

    @property
    def loads(self) -> bool:
        """Whether old weights fill the new module: as they are, or by a clause that it has."""
        return self.same or bool(self.origin)


@dataclass(frozen=True)
class DesignChanges:
    """Two designs: what flows in and out, the layers that differ, costs, and weights (None where
    torch, which is asked for the names of tensors, is not installed)."""

    interface: tuple[Change, ...]
    layers: tuple[LayerChange, ...]
    costs: tuple[Change, ...]
    weights: WeightChanges | None


class Shared(NamedTuple):
    """Of so many designs of one version, ``looked`` were looked at, and ``there`` of these are in
    the other version, too; ``example`` is one that is not."""

    designs: int
    looked: int
    there: int
    example: dict[str, Any] | None = None

    @property
    def is_exact(self) -> bool:
        return self.looked == self.designs

    @property
    def all(self) -> bool:
        return self.looked == self.there


@dataclass(frozen=True)
class SpaceChanges:
    """Two spaces: how many designs fit and are valid, the options of each choice, the least and the
    largest value of each metric; how many old valid designs are still valid, and how many new ones
    were before. None of these two where a space takes too much to be described."""

    counts: tuple[Change, ...]
    choices: tuple[Change, ...]
    metrics: tuple[Change, ...]
    old_designs: Shared | None
    new_designs: Shared | None


@dataclass(frozen=True)
class ArchChanges:
    """One architecture. ``design`` where both versions are one design, ``space`` where one of them
    has choices; neither where one cannot be evaluated."""

    old: str
    new: str
    clauses: tuple[Change, ...]
    design: DesignChanges | None = None
    space: SpaceChanges | None = None


@dataclass(frozen=True)
class Comparison:
    """Two versions of a spec. ``lost`` and ``gained`` are names of architectures, ``gone`` and
    ``found`` findings, of the old and of the new one alone. ``unread`` are the names of versions
    with errors that leave nothing, or not all of it, to be compared."""

    old: str
    new: str
    arches: tuple[ArchChanges, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    gone: tuple[Diagnostic, ...]
    found: tuple[Diagnostic, ...]
    unread: tuple[str, ...] = ()
