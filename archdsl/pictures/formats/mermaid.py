"""Mermaid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archdsl.pictures.base import Format
from archdsl.pictures.picture import Kind
from archdsl.pictures.svg.colours import FAMILIES
from archdsl.pictures.telling import headline, told_in_text
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.pictures.picture import Box, Picture
    from archdsl.pictures.report import Report

_PLAIN = re.compile(r"[^\w ×.,:()=→|…+/-]")
_SHAPES = {
    Kind.INPUT: ('(["', '"])'),
    Kind.OUTPUT: ('(["', '"])'),
    Kind.CHOICE: ('{{"', '"}}'),
    Kind.JOIN: ('(("', '"))'),
}


class Mermaid(Format):
    """A flowchart in Mermaid, which GitHub and many other places draw in Markdown."""

    suffix = ".mmd"

    def draw(self, picture: Picture, report: Report | None = None) -> str:
        lines = ["---", f"title: {_title(picture.name)}", "---", "flowchart TB"]
        for box in picture.boxes:
            lines += _box(picture, box, "  ")
        for edge in picture.edges:
            arrow = "-.->" if edge.optional else "-->"
            told = f'|"{_text(edge.sizes)}"|' if edge.changes and edge.sizes else ""
            lines.append(f"  {edge.source} {arrow}{told} {edge.target}")
        groups = [box.key for box in picture.every() if box.inside]
        if groups:
            lines.append("  classDef group fill:none,stroke:#8c98a4")
            lines.append(f"  class {','.join(groups)} group")
        families = dict.fromkeys(b.family for b in picture.every() if not b.inside)
        for name in sorted(name for name in families if name in FAMILIES):
            tone = FAMILIES[name][0]
            lines.append(f"  classDef {name} fill:{tone.fill},stroke:{tone.line},color:#1b1f24")
        return "\n".join(lines) + "\n"


def _box(picture: Picture, box: Box, indent: str) -> Iterator[str]:
    if box.inside:  # Mermaid keeps room for one line above what is inside
        yield f'{indent}subgraph {box.key}["{_text(headline(box)) or " "}"]'
        for inner in box.inside:
            yield from _box(picture, inner, f"{indent}  ")
        yield f"{indent}end"
        return
    told = "<br/>".join(map(_text, told_in_text(picture, box)))
    opened, closed = _SHAPES.get(box.kind, ('["', '"]'))
    family = f":::{box.family}" if box.family in FAMILIES else ""
    yield f"{indent}{box.key}{opened}{told or ' '}{closed}{family}"


def _text(text: str) -> str:
    """A text that Mermaid and Markdown take for nothing else: other signs by their numbers."""
    return _PLAIN.sub(lambda sign: f"#{ord(sign[0])};", visible(text))


def _title(text: str) -> str:
    """A name as YAML takes it for a text."""
    return '"' + re.sub(r"[^\w .-]", "", visible(text)) + '"'
