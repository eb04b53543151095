"""Values and texts reach the file as literals only."""

from __future__ import annotations

import ast

import pytest

from archdsl.emit.pytorch.docs import paragraphs, signature
from archdsl.emit.pytorch.literals import annotation, docstring, literal

HOSTILE = (
    '"""',
    'a"',
    "\\",
    '\\"""',
    "a\nb",
    "\r",
    "{x}",
    "\x00",
    "é",
    "\u202e",
    '""""',
    "\\N{BULLET}",
)


@pytest.mark.parametrize(
    "value", [1, -3, 1e-6, 0.5, True, None, "a'\"b", (1,), (1, 7), float("inf")]
)
def test_a_literal_reads_back(value: object) -> None:
    assert eval(literal(value), {"float": float}) == value


def test_numbers_are_written_as_the_formatter_does() -> None:
    assert literal(1e-6) == "1e-6"
    assert literal(1e-5) == "1e-5"
    assert literal(1e20) == "1e+20"


def test_nothing_else_has_a_literal() -> None:
    with pytest.raises(TypeError):
        literal(object())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_docstring_cannot_be_left(text: str) -> None:
    for made in (docstring(text), "\n".join(paragraphs(text))):
        source = f'def f():\n    """{made}"""\n'
        (function,) = ast.parse(source).body
        assert isinstance(function, ast.FunctionDef)
        assert len(function.body) == 1
        assert made.isascii()


def test_annotations() -> None:
    assert annotation([1, 2]) == "int"
    assert annotation([0, 0.5]) == "float"
    assert annotation([3, (1, 7)]) == "int | tuple[int, int]"
    assert annotation([None, 4]) == "int | None"


def test_the_head_of_a_block_is_read() -> None:
    assert signature("block a(b,\n  c=(1 + 2)) = conv(b, c)") == "a(b, c=(1 + 2))"
    assert signature("shared block cell { return x }") == "cell"
