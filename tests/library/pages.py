"""The library as its readers see it: each block's file, its doc and its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import archdsl
from archdsl.resolve.blocks import library
from archdsl.resolve.loading import load
from archdsl.source import Source
from tests.designs import evaluate_design
from tests.unjudged import UNJUDGED

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph

NAMES = tuple(library())


class Page(NamedTuple):
    """A block's file: its text, the comments before the block, its example and the data for it."""

    text: str
    doc: tuple[str, ...]
    example: str
    data: str


def page(name: str) -> Page:
    """What the file of a block says."""
    text = library()[name].read_text(encoding="utf-8")
    lines = text.splitlines()
    doc = tuple(line.removeprefix("#").strip() for line in lines if line.startswith("#"))
    return Page(text, doc, _said(doc, "example:"), _said(doc, "data:") or "image(3, 32, 32)")


def _said(doc: tuple[str, ...], label: str) -> str:
    return "".join(line.removeprefix(label).strip() for line in doc if line.startswith(label))


def spec(model: str, data: str = "image(3, 32, 32)") -> str:
    """A spec around a model expression, or a braced body."""
    body = model if model.startswith("{") else f"= {model}"
    return f"arch Example {{\n  data {data}\n  model {body}\n}}\n"


def graph(model: str, data: str = "image(3, 32, 32)") -> Graph:
    """The graph of a model expression."""
    return evaluate_design(load(Source(spec(model, data))).program(), {}).graph


def compiled(model: str, data: str = "image(3, 32, 32)") -> archdsl.Compiled:
    """A model expression compiled."""
    return archdsl.compile(spec(model, data), terms=UNJUDGED)
