"""The layers of a design as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.rows import LayerRow
from archdsl.rendering.escape import visible, width
from archdsl.rendering.fitting import wrapped

if TYPE_CHECKING:
    from archdsl.cost.rows import LayerTable

HEADER: tuple[str, ...] = ("layer", "output", "params", "MACs", "share")
TRAINED, ADAPTERS = "trained", "adapters"


NARROWEST = 16  # columns of the layers' own column, however little room the others leave


def table(shown: LayerTable, columns: int | None = None) -> str:
    """The rows as an aligned table with the totals below; long names of layers go on below. Where
    some parts are frozen, a column tells the parameters that are trained, and where these have
    adapters, another those of them."""
    counts = shown.params, shown.macs, shown.trainable, shown.adapters
    total = LayerRow(0, shown.name, shown.output, *counts)
    rows = (*shown.layers, total)
    cells = [HEADER, *(_cells(row, total.macs) for row in rows)]
    if total.adapters:
        cells = _with_column(cells, ADAPTERS, [row.adapters for row in rows])
    if total.adapters or total.trainable != total.params:
        cells = _with_column(cells, TRAINED, [row.trainable for row in rows])
    widths = [max(width(line[column]) for line in cells) for column in range(len(cells[0]))]
    if columns is not None:
        others = sum(widths[1:]) + 2 * (len(widths) - 1)
        widths[0] = min(widths[0], max(columns - others, NARROWEST))
    head, *lines, last = ("\n".join(_aligned(line, widths)) for line in cells)
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    return "\n".join((head, rule, *lines, rule, last))


def _with_column(
    cells: list[tuple[str, ...]], head: str, numbers: list[int]
) -> list[tuple[str, ...]]:
    """The cells with one more column, right of the parameters."""
    more = [head, *(f"{number:,}" for number in numbers)]
    return [(*line[:3], one, *line[3:]) for line, one in zip(cells, more, strict=True)]


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
