"""Specs evaluated from text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.resolve.loading import load
from archdsl.source import Source
from tests.designs import evaluate_design

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archdsl.evaluate.points import ChoicePoint
    from archdsl.evaluate.program import Evaluation, Program


def program(text: str) -> Program:
    return load(Source(text, "test.arch")).program()


def every_design(program: Program) -> Iterator[Evaluation | SpecError]:
    """Each design of a program evaluated, or why it is none, in the order of its options."""
    answers: list[int] = []
    while True:
        sizes: list[int] = []

        def choose(path: str, point: ChoicePoint) -> int:
            sizes.append(point.size)  # noqa: B023
            answers.extend([0] * (len(sizes) - len(answers)))  # noqa: B023
            return answers[len(sizes) - 1]  # noqa: B023

        try:
            yield program.evaluate(choose)
        except SpecError as error:
            yield error
        del answers[len(sizes) :]
        while answers and answers[-1] + 1 == sizes[len(answers) - 1]:
            answers.pop()
        if not answers:
            return
        answers[-1] += 1


def fitting(program: Program) -> list[Evaluation]:
    """The designs that fit together."""
    return [found for found in every_design(program) if not isinstance(found, SpecError)]


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
