"""The words of the language: those a text uses, and an example for those without a recipe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archdsl.ops import catalog
from archdsl.record import Record
from archdsl.resolve.blocks import library
from archdsl.source import Source
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse
from tests.property.recipes import all_recipes

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


def without_recipe() -> list[str]:
    """Words that the random author does not know: their own examples stand in."""
    known = {recipe.word for recipe in all_recipes()} | {"outputs", "tied_linear", "chunk"}
    return [word for word in all_words() if word not in known]


def example(word: str) -> str:
    """A spec around a word's example."""
    op = catalog.find(word)
    if op is not None:
        model, data = op.example, getattr(op, "example_data", "image(3, 32, 32)")
    else:
        page = library()[word].read_text(encoding="utf-8")  # type: ignore[attr-defined]
        model = _said(page, "example") or word
        data = _said(page, "data") or "image(3, 32, 32)"
    body = model if model.startswith("{") else f"= {model}"
    return f"arch Example {{\n  data {data}\n  model {body}\n}}\n"


def _said(page: str, label: str) -> str:
    return "".join(re.findall(rf"^#\s*{label}:\s*(.*)$", page, re.MULTILINE)[:1])
