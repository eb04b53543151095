"""The findings of ``--format json``, as :mod:`archdsl.rendering.formats.json` writes them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

FromZero = Annotated[int, Field(ge=0)]
FromOne = Annotated[int, Field(ge=1)]


class Strict(BaseModel):
    """All keys are always there, and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Place(Strict):
    """A place in a text; offset counts characters from 0, line and column from 1."""

    offset: FromZero
    line: FromOne
    column: FromOne


class Span(Strict):
    """Characters of a file; end is the place after the last one."""

    file: str
    start: Place
    end: Place


class Label(Strict):
    """A second place that a finding speaks of."""

    text: str
    span: Span


class Edit(Strict):
    """Characters to replace, none of them for an insertion."""

    span: Span
    replacement: str


class Fix(Strict):
    """A change that removes the finding; safe when it cannot change what the spec means."""

    title: str
    safe: bool
    edits: list[Edit]


class Diagnostic(Strict):
    """One finding. Texts that there are none of are empty; trail holds the calls that led there,
    innermost first."""

    code: Annotated[str, Field(pattern=r"^[EWP][0-9]{3}$")]
    severity: Literal["error", "warning", "note"]
    message: str
    span: Span | None
    label: str
    needed: str
    notes: list[str]
    help: str
    trail: list[Label]
    fix: Fix | None


DOCUMENT: TypeAdapter[list[Diagnostic]] = TypeAdapter(list[Diagnostic])
