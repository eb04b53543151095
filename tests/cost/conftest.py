"""Graphs of zoo specs and of model expressions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.resolve.loading import load
from archdsl.source import Source

if TYPE_CHECKING:
    from archdsl.graph.nodes import Graph

ZOO = Path(__file__).parents[2] / "specs" / "zoo"


def zoo(name: str) -> Graph:
    """The graph of a zoo spec."""
    (path,) = ZOO.rglob(f"{name}.arch")
    return graph_of(path.read_text(encoding="utf-8"))


def graph_of(text: str) -> Graph:
    """The graph of a spec without choices."""
    return load(Source(text)).program().evaluate(lambda path, point: 0).graph


def model(expression: str, data: str = "image(3, 32, 32)") -> Graph:
    """The graph of a model expression."""
    return graph_of(f"arch Test {{ data {data} model = {expression} }}")
