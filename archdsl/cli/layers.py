"""The layers of a design as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.counts import macs, params
from archdsl.cost.rows import LayerRow
from archdsl.rendering.escape import visible, width
from archdsl.types import shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.graph.nodes import Graph

HEADER: tuple[str, ...] = ("layer", "output", "params", "MACs", "share")


def table(graph: Graph, shown: Sequence[LayerRow]) -> str:
    """The rows as an aligned table with the totals below."""
    total = LayerRow(0, graph.name, shape(graph.model.out), params(graph), macs(graph))
    cells = [HEADER, *(_cells(row, total.macs) for row in (*shown, total))]
    widths = [max(width(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [_aligned(line, widths) for line in cells]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    return "\n".join((lines[0], rule, *lines[1:-1], rule, lines[-1]))


def _cells(row: LayerRow, macs: int) -> tuple[str, ...]:
    share = f"{100 * row.macs / macs:.1f} %" if macs else ""
    name = "  " * row.level + visible(row.layer)
    sizes = "×".join(map(str, row.shape))
    return (name, sizes, f"{row.params:,}", f"{row.macs:,}", share)


def _aligned(line: tuple[str, ...], widths: list[int]) -> str:
    first = line[0] + " " * (widths[0] - width(line[0]))
    others = (f"{cell:>{size}}" for cell, size in zip(line[1:], widths[1:], strict=True))
    return "  ".join((first, *others))
