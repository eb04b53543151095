"""What ``archdsl suggest --format json`` prints."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from archdsl.cli.schemas.diagnostics import FromZero, Strict


class Suggestion(Strict):
    """What a rejected design could be instead. distance is the ratio of the parameters, as its
    logarithm; diff leads from what was given to what passes."""

    arch: str
    title: str
    distance: Annotated[float, Field(ge=0)]
    params: FromZero
    diff: str


class Text(Suggestion):
    """Another text of the spec."""

    text: str


class Design(Suggestion):
    """Another design of the space: the value of each choice by its path."""

    design: dict[str, str | int | float | bool]


DOCUMENT: TypeAdapter[list[Text | Design]] = TypeAdapter(list[Text | Design])
