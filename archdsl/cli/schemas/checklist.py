"""What ``archdsl check --checklist --format json`` prints."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from archdsl.cli.schemas.diagnostics import Diagnostic, Strict


class ChecklistPoint(Strict):
    """One of the eight points. number is what it rests on, in words; codes are the rules that
    speak, the worst of them at this severity; allowed are those that the spec silences; run is the
    command that measures the point, empty where none does."""

    point: Annotated[int, Field(ge=1, le=8)]
    title: str
    answer: Literal["pass", "fail", "not applicable"]
    number: str
    codes: list[str]
    allowed: list[str]
    worst: Literal["error", "warning", "note", ""]
    run: str


class Checklist(Strict):
    """The points of one architecture."""

    file: str
    arch: str
    points: list[ChecklistPoint]


class Document(Strict):
    """All findings, and the checklist of each architecture that has a design."""

    diagnostics: list[Diagnostic]
    checklists: list[Checklist]


DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)
