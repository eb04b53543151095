"""Boxes while they are put together: each inside another, with the place of the source it is of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archdsl.pictures.picture import NOTHING, Amounts, Box, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.source import Span


@dataclass(eq=False)
class Draft:
    """A box to be. ``spans`` are the parts of the source that it stands for."""

    key: str
    kind: Kind
    title: str = ""
    outer: Draft | None = None
    name: str = ""
    times: str = ""
    family: str = ""
    options: tuple[str, ...] = ()
    lines: list[str] = field(default_factory=list)
    then: list[str] = field(default_factory=list)
    sizes: str = ""
    amounts: Amounts = NOTHING
    spans: tuple[Span, ...] = ()
    findings: list[int] = field(default_factory=list)
    inside: list[Draft] = field(default_factory=list)
    is_closed: bool = False

    def around(self) -> Iterator[Draft]:
        """It and those that it is inside of, innermost first."""
        draft: Draft | None = self
        while draft is not None:
            yield draft
            draft = draft.outer

    def every(self) -> Iterator[Draft]:
        """It and all inside, from the outside in."""
        yield self
        for draft in self.inside:
            yield from draft.every()

    def box(self) -> Box:
        """The box."""
        return Box(
            self.key,
            self.kind,
            self.title,
            self.name,
            self.times,
            self.family,
            self.options,
            tuple(self.lines),
            tuple(self.then),
            self.sizes,
            self.amounts,
            tuple(self.findings),
            tuple(draft.box() for draft in self.inside),
            self.is_closed,
        )
