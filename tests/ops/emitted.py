"""The text of models that are written to try an op, and what it computes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.file import emit
from archdsl.runtime.module import build
from tests.cost.conftest import graph_of

if TYPE_CHECKING:
    from torch import nn

    from archdsl.graph.nodes import Graph


def text_of(model: str, data: str) -> str:
    """The emitted file of a model: an expression, or a body in braces."""
    return emit(_graph(model, data))


def module_of(model: str, data: str) -> nn.Module:
    """The module of a model, in eval mode."""
    built: Any = build(_graph(model, data))
    return built.eval()


def _graph(model: str, data: str) -> Graph:
    body = model if model.startswith("{") else f"= {model}"
    return graph_of(f"arch Test {{ data {data} model {body} }}")
