"""The stamp on a generated file: tells one edited by hand from one that nobody touched.

It is a hash of the syntax tree. So a formatter may lay the file out anew, whatever its settings,
and sort its imports: that is no edit. Of what is not Python it is a hash of the words.
"""

from __future__ import annotations

import ast
import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "archdsl stamp "
HEAD = 12  # lines at the beginning in which a stamp is looked for
UNSAID = ("ctx", "kind", "type_comment", "type_ignores")  # fields that say nothing of their own
IMPORTS = (ast.Import, ast.ImportFrom)


def seal(text: str, comment: str = "#") -> str:
    """The text with its hash as second line, a comment in its language."""
    first, _, rest = text.partition("\n")
    return f"{first}\n{comment} {MARK}{_digest(text)}\n{rest}"


def is_stamped(text: str) -> bool:
    """Whether a text was ever sealed, edited since or not."""
    return bool(_stamp(text))


def is_untouched(text: str) -> bool:
    """Whether a sealed text still says what it was sealed with."""
    return _stamp(text) == _digest(_unsealed(text))


def says_the_same(old: str, new: str) -> bool:
    """Whether an untouched text says what another sealed one says, however it is laid out."""
    return _stamp(old) == _stamp(new) and is_untouched(old)


def _stamp(text: str) -> str:
    for line in text[: 100 * HEAD].splitlines()[:HEAD]:
        if _is_stamp(line):
            return line.partition(MARK)[2].strip()
    return ""


def _is_stamp(line: str) -> bool:
    """Whether a line is a stamp: behind nothing but the sign of a comment."""
    before, mark, _ = line.partition(MARK)
    return bool(mark) and re.fullmatch(r"[^\w\s]{1,3} ", before) is not None


def _unsealed(text: str) -> str:
    """A text without its stamp."""
    lines = text.splitlines(keepends=True)
    head = [line for line in lines[:HEAD] if not _is_stamp(line)]
    return "".join((*head, *lines[HEAD:]))


def _digest(text: str) -> str:
    try:
        said = "\n".join(_said(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # nested too deep for a tree
        code = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
        said = " ".join(word for line in code for word in line.split())
    return hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _said(node: ast.AST) -> Iterator[str]:
    """What a tree says, the same in all versions of Python."""
    yield type(node).__name__
    for name in node._fields:
        value = getattr(node, name, None)
        if name in UNSAID or value is None or value == []:
            continue
        yield name
        if name == "body" and isinstance(value, list):
            yield from _body(value)
        elif isinstance(value, list):
            yield from _items(value)
        else:
            yield from _value(value)


def _items(values: list[object]) -> Iterator[str]:
    yield "["
    for value in values:
        yield from _value(value)
    yield "]"


def _value(value: object) -> Iterator[str]:
    if isinstance(value, ast.AST):
        yield from _said(value)
    else:
        yield repr(value)


def _body(statements: list[ast.stmt]) -> Iterator[str]:
    """Statements; imports in any order, a docstring however its lines are broken."""
    yield "["
    imports = (one for one in statements if isinstance(one, IMPORTS))
    yield from sorted(name for one in imports for name in _imported(one))
    for position, one in enumerate(statements):
        text = _docstring(one) if position == 0 else None
        if text is not None:
            yield " ".join(text.split())
        elif not isinstance(one, IMPORTS):
            yield from _said(one)
    yield "]"


def _imported(statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
    origin = "" if isinstance(statement, ast.Import) else f"{statement.level} {statement.module}"
    for alias in statement.names:
        yield f"import {alias.name} as {alias.asname} from {origin}"


def _docstring(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        value = statement.value.value
        return value if isinstance(value, str) else None
    return None
