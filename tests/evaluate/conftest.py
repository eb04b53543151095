"""Specs evaluated from text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.designs import evaluate_design
from archdsl.resolve.loading import load
from archdsl.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.evaluate.program import Evaluation, Program


def program(text: str) -> Program:
    return load(Source(text, "test.arch")).program()


def model(expression: str, blocks: str = "", data: str = "image(3, 32, 32)") -> str:
    """A spec around a model expression (or a braced body)."""
    body = expression if expression.startswith("{") else f"= {expression}"
    return f"{blocks}\narch Test {{ data {data} model {body} }}"


@pytest.fixture
def evaluate() -> Callable[..., Evaluation]:
    """Evaluate a model expression with a design."""

    def evaluated(expression: str, blocks: str = "", **options: Any) -> Evaluation:
        data = options.get("data", "image(3, 32, 32)")
        return evaluate_design(program(model(expression, blocks, data)), options.get("design", {}))

    return evaluated


@pytest.fixture
def findings() -> Callable[..., tuple[Diagnostic, ...]]:
    """What is wrong with a model expression."""

    def found(expression: str, blocks: str = "", **options: Any) -> tuple[Diagnostic, ...]:
        data = options.get("data", "image(3, 32, 32)")
        try:
            evaluate_design(program(model(expression, blocks, data)), options.get("design", {}))
        except SpecError as error:
            return error.diagnostics
        return ()

    return found
