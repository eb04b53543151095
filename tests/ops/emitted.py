"""The text of models that are written to try an op, and what it computes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.emit.pytorch.file import emit
from archdsl.runtime.module import build
from tests.cost.conftest import model

if TYPE_CHECKING:
    from torch import nn


def text_of(expression: str, data: str) -> str:
    """The emitted file of a model."""
    return emit(model(expression, data))


def module_of(expression: str, data: str) -> nn.Module:
    """The module of a model, in eval mode."""
    built: Any = build(model(expression, data))
    return built.eval()
