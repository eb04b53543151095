"""DOT, the language of Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.pictures.base import Format
from archdsl.pictures.picture import Kind
from archdsl.pictures.svg.colours import FAMILIES
from archdsl.pictures.telling import told_in_text
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.pictures.picture import Box, Picture
    from archdsl.pictures.report import Report

FONT = 'fontname="Helvetica,Arial,sans-serif"'


class Dot(Format):
    """A graph for Graphviz and what reads its language, boxes as clusters."""

    suffix = ".dot"

    def draw(self, picture: Picture, report: Report | None = None) -> str:
        about = [picture.name, *picture.facts, *picture.remarks]
        lines = [
            f"digraph {_quoted([picture.name])} {{",
            f"  graph [rankdir=TB, labelloc=t, labeljust=l, {FONT}, label={_quoted(about, 'l')}]",
            f'  node [shape=box, style="rounded,filled", fillcolor="#ffffff", {FONT}, fontsize=11]',
            f'  edge [{FONT}, fontsize=9, color="#66717c", fontcolor="#5f6974"]',
        ]
        for box in picture.boxes:
            lines += _box(picture, box, "  ")
        for edge in picture.edges:
            told = [f"label={_quoted([edge.sizes])}"] if edge.changes and edge.sizes else []
            told += ["style=dashed"] if edge.optional else []
            lines.append(f"  {edge.source} -> {edge.target}{_attributes(told)}")
        return "\n".join([*lines, "}"]) + "\n"


def _box(picture: Picture, box: Box, indent: str) -> Iterator[str]:
    told = _quoted(told_in_text(picture, box))
    if box.inside:
        style = "rounded,dashed" if box.kind is Kind.CHOICE else "rounded"
        yield f"{indent}subgraph cluster_{box.key} {{"
        yield f'{indent}  label={told}; labeljust=l; style="{style}"; color="#b4bdc6"'
        for inner in box.inside:
            yield from _box(picture, inner, f"{indent}  ")
        yield f"{indent}}}"
        return
    said = [f"label={told}"]
    if box.kind is Kind.JOIN:
        said.append("shape=point")
    elif box.family in FAMILIES:
        tone = FAMILIES[box.family][0]
        said.append(f'fillcolor="{tone.fill}", color="{tone.line}"')
    if box.times:
        said.append("peripheries=2")
    yield f"{indent}{box.key}{_attributes(said)}"


def _attributes(some: list[str]) -> str:
    return f" [{', '.join(some)}]" if some else ""


def _quoted(lines: list[str], break_: str = "n") -> str:
    """Lines as one text, in which nothing is an escape but the breaks between them."""
    safe = [visible(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines]
    return '"' + "".join(f"{line}\\{break_}" for line in safe).removesuffix("\\n") + '"'
