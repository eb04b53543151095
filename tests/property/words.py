"""The words of the language, and those that a text uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.ops import catalog
from archdsl.record import Record
from archdsl.resolve.blocks import library
from archdsl.source import Source
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator


def all_words() -> list[str]:
    """Every op and every library block."""
    return [*catalog.words(), *library()]


def walk(node: Any) -> Iterator[Any]:
    """A syntax tree's nodes, outermost first."""
    if isinstance(node, tuple):
        for part in node:
            yield from walk(part)
    elif isinstance(node, Record):
        yield node
        for name in node.field_names:
            if name not in ("span", "source"):
                yield from walk(getattr(node, name))


def used(text: str) -> set[str]:
    """The names a text reads or calls."""
    return {node.id for node in walk(parse(Source(text)).items) if isinstance(node, ast.Name)}
