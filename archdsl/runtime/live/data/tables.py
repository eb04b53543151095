"""Tables from .csv and .parquet files: one column is predicted from the others."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.runtime.live.data.samples import in_memory
from archdsl.runtime.live.extras import Unfit, needed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from archdsl.runtime.live.data.samples import Samples

TARGETS = ("target", "label", "y", "class")  # names a column to predict usually has


class _Table(NamedTuple):
    name: str
    header: list[str]
    columns: list[Sequence[Any]]


def csv_table(path: Path, target: str | None) -> Samples:
    """A table with or without a line of column names."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        try:
            rows = [row for row in csv.reader(file) if row]
        except (csv.Error, UnicodeDecodeError) as error:
            raise Unfit(f"{path} is no table of text: {error}") from None
    if not rows:
        raise Unfit(f"{path} is empty")
    uneven = next((n for n, row in enumerate(rows, 1) if len(row) != len(rows[0])), None)
    if uneven:
        count = len(rows[uneven - 1])
        raise Unfit(f"{path}: row {uneven} has {count} values, the first has {len(rows[0])}")
    named = not any(_is_number(cell) for cell in rows[0])
    header = rows[0] if named else [f"column {place}" for place in range(1, len(rows[0]) + 1)]
    columns: list[Sequence[Any]] = list(zip(*rows[named:], strict=True))
    return _samples(_Table(str(path), header, columns or [() for _ in header]), target)


def parquet_table(path: Path, target: str | None) -> Samples:
    """A table as pandas reads it."""
    pandas = needed("pandas", "reading .parquet files")
    try:
        frame = pandas.read_parquet(path)
    except ImportError:
        needed("pyarrow", "reading .parquet files")
        raise
    columns = [frame[name].to_numpy() for name in frame.columns]
    return _samples(_Table(str(path), [str(n) for n in frame.columns], columns), target)


def _samples(table: _Table, target: str | None) -> Samples:
    place = _target_place(table, target)
    features = [_numbers(table, column) for column in range(len(table.header)) if column != place]
    if not features or not len(features[0]):
        raise Unfit(f"{table.name} has no rows with both features and a column to predict")
    y = table.columns[place]
    numeric = all(_is_number(value) for value in y)
    targets = [float(value) for value in y] if numeric else [str(value) for value in y]
    return in_memory(table.name, list(zip(*features, strict=True)), targets)


def _target_place(table: _Table, target: str | None) -> int:
    """The column asked for, or the one with a usual name, or the last."""
    if target is not None:
        if target not in table.header:
            raise Unfit(f"{table.name} has no column {target!r}; it has {_listed(table.header)}")
        return table.header.index(target)
    usual = [place for place, name in enumerate(table.header) if name.lower() in TARGETS]
    return usual[0] if usual else len(table.header) - 1


def _numbers(table: _Table, column: int) -> list[float]:
    values = table.columns[column]
    wrong = next((n for n, value in enumerate(values, 1) if not _is_number(value)), None)
    if wrong is not None:
        name, value = table.header[column], values[wrong - 1]
        raise Unfit(
            f"{table.name}: {name} is {value!r} in row {wrong} of the data, which is no number; "
            "encode words as numbers and fill what is missing first"
        )
    return [float(value) for value in values]


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _listed(names: list[str]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
