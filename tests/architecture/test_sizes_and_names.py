"""Small files, small functions, names that say something, and nothing left for later."""

from __future__ import annotations

import ast
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from tests.architecture.sources import SourceFile, sources, tracked

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_LINES_OF_A_FILE = 500
MOST_LINES_OF_A_FUNCTION = 50  # its docstring not counted
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "misc"}
LEFT_FOR_LATER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_no_file_is_longer_than_500_lines() -> None:
    files = sources(".py", ".arch", ".lark")
    assert [f.path for f in files if f.line_count > MOST_LINES_OF_A_FILE] == []


def test_no_function_is_longer_than_50_lines() -> None:
    found = [
        f"{file.path}:{function.lineno} {function.name} ({_length(function)} lines)"
        for file in sources(".py")
        for function in _functions(file)
        if _length(function) > MOST_LINES_OF_A_FUNCTION
    ]
    assert found == []


def test_no_module_class_or_function_has_a_name_that_says_nothing() -> None:
    found = [
        f"{file.path}: {name}"
        for file in sources(".py")
        for name in _names(file)
        if EMPTY_NAMES & {word.lower() for word in _WORD.findall(name)}
    ]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{file.path}:{number}"
        for file in tracked()
        if file.is_written_by_hand
        for number, line in enumerate(file.text.splitlines(), 1)
        if LEFT_FOR_LATER.search(line)
    ]
    assert found == []


def _functions(file: SourceFile) -> Iterator[Function]:
    for node in ast.walk(file.tree()):
        if isinstance(node, Function):
            yield node


def _length(function: Function) -> int:
    first = function.body[0]
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is None:
        return lines
    return lines - ((first.end_lineno or first.lineno) - first.lineno + 1)


def _names(file: SourceFile) -> Iterator[str]:
    yield from PurePath(file.path).with_suffix("").parts
    for node in ast.walk(file.tree()):
        if isinstance(node, Function | ast.ClassDef):
            yield node.name
