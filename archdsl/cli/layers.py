"""The layers of a design as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.counts import macs, params, trainable
from archdsl.cost.rows import LayerRow
from archdsl.rendering.escape import visible, width
from archdsl.rendering.fitting import wrapped
from archdsl.types import shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.graph.nodes import Graph

HEADER: tuple[str, ...] = ("layer", "output", "params", "MACs", "share")
TRAINED = "trained"


NARROWEST = 16  # columns of the layers' own column, however little room the others leave


def table(graph: Graph, shown: Sequence[LayerRow], columns: int | None = None) -> str:
    """The rows as an aligned table with the totals below; long names of layers go on below. Where
    some parts are frozen, a column tells the parameters that are trained."""
    counts = params(graph), macs(graph), trainable(graph)
    total = LayerRow(0, graph.name, shape(graph.model.out), *counts)
    cells = [HEADER, *(_cells(row, total.macs) for row in (*shown, total))]
    if total.trainable != total.params:
        trained = [TRAINED, *(f"{row.trainable:,}" for row in (*shown, total))]
        cells = [(*line[:3], more, *line[3:]) for line, more in zip(cells, trained, strict=True)]
    widths = [max(width(line[column]) for line in cells) for column in range(len(cells[0]))]
    if columns is not None:
        others = sum(widths[1:]) + 2 * (len(widths) - 1)
        widths[0] = min(widths[0], max(columns - others, NARROWEST))
    head, *lines, last = ("\n".join(_aligned(line, widths)) for line in cells)
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    return "\n".join((head, rule, *lines, rule, last))


def _cells(row: LayerRow, macs: int) -> tuple[str, ...]:
    share = f"{100 * row.macs / macs:.1f} %" if macs else ""
    name = "  " * row.level + visible(row.layer)
    sizes = "×".join(map(str, row.shape))
    return (name, sizes, f"{row.params:,}", f"{row.macs:,}", share)


def _aligned(line: tuple[str, ...], widths: list[int]) -> list[str]:
    indent = len(line[0]) - len(line[0].lstrip()) + 4
    first, *more = wrapped(line[0], widths[0], " " * min(indent, widths[0] // 3))
    others = (f"{cell:>{size}}" for cell, size in zip(line[1:], widths[1:], strict=True))
    return ["  ".join((first + " " * (widths[0] - width(first)), *others)), *more]
