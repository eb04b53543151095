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


class Amount(Strict):
    """What was measured and the threshold it is held against, in base units: bytes of memory,
    seconds of latency, samples a second of throughput; shares as fractions of 1; all else as
    plain counts and ratios. Whether the threshold is a least or a most, needed says."""

    measured: float
    threshold: float


class Diagnostic(Strict):
    """One finding. Texts that there are none of are empty; trail holds the calls that led there,
    innermost first."""

    code: Annotated[str, Field(pattern=r"^[EWP][0-9]{3}$")]
    rule: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9_]+$",
            description="The slug of the principle that is broken; null for what is none's.",
        ),
    ]
    severity: Literal["error", "warning", "note"]
    message: str
    span: Span | None
    label: str
    needed: str
    notes: list[str]
    help: str
    trail: list[Label]
    fix: Fix | None
    amount: Annotated[
        Amount | None,
        Field(
            description="The numbers that the finding rests on, in words in label and needed (of a"
            " requirement: its two sides); null where they are not two numbers of one kind."
        ),
    ]


DOCUMENT: TypeAdapter[list[Diagnostic]] = TypeAdapter(list[Diagnostic])
