"""What stands behind a dot: the sizes of a tensor, and what a task says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.evaluate.scalars import SIZES
from archdsl.lsp.completing.proposals import Kind, Place, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator


def proposed(place: Place) -> Iterator[Proposal]:
    """The words behind a dot."""
    if place.cursor.previous != "DOT":
        return
    before = place.document.text[: place.cursor.start].rstrip()
    owner = before.removesuffix(".").rstrip()
    known = place.document.evaluated
    programs = known.spec.programs.values() if known is not None and known.spec is not None else ()
    names = [name.split(".") for program in programs for name in program.constants if "." in name]
    said = dict.fromkeys(name for task, name in names if owner.endswith(task))
    for word in said:
        yield Proposal(word, Kind.Property, 0, "of the task")
    for word in () if said else ("shape", *SIZES):
        yield Proposal(word, Kind.Property, 1, "a size")
