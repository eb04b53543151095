"""Tables from .csv and .parquet files: some columns are predicted from the others."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.runtime.extras import BadInput, needed
from archdsl.runtime.live.data.samples import in_memory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from archdsl.runtime.live.arrays import Array
    from archdsl.runtime.live.data.samples import Samples

TARGETS = ("target", "label", "y", "class")  # names a column to predict usually has
SEPARATORS = ",;\t"


class Table(NamedTuple):
    """The columns of a file, by the names in its header."""

    name: str
    header: list[str]
    columns: list[Sequence[Any]]


def table_in(path: Path) -> Table:
    """The table of a file, as its suffix says. Raises :class:`BadInput`."""
    return _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)


def csv_table(path: Path, targets: Sequence[str]) -> Samples:
    """A table with or without a line of column names, parted by commas, semicolons or tabs."""
    return _samples(_csv(path), targets)


def parquet_table(path: Path, targets: Sequence[str]) -> Samples:
    """A table as Arrow reads it."""
    return _samples(_parquet(path), targets)


def series(path: Path, targets: Sequence[str]) -> tuple[Array, list[int]]:
    """A table whose rows are the steps of a series, in order: its columns of numbers, and the
    places of those to tell, all of them where none is named. Columns of words, such as dates, are
    left out. Raises :class:`BadInput`."""
    import numpy as np

    table = table_in(path)
    told = [_place(table, name) for name in targets]
    found = {n: _as_numbers(column) for n, column in enumerate(table.columns)}
    kept = [n for n, column in found.items() if column is not None or n in told]
    if not kept:
        raise BadInput(f"{table.name} has no column of numbers")
    return np.column_stack([_numbers(table, n) for n in kept]), [
        kept.index(n) for n in told or kept
    ]


def apart(path: Path, targets: Mapping[str, Sequence[str]]) -> Samples:
    """A table with columns for each of several tasks, by the names of the tasks. Raises
    :class:`BadInput`."""
    table = table_in(path)
    columns = [column for names in targets.values() for column in names]
    found = {name: _samples(table, names, columns) for name, names in targets.items()}
    first = next(iter(found.values()))
    return first._replace(named={name: one.y for name, one in found.items()})


def _csv(path: Path) -> Table:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            separator = max(SEPARATORS, key=file.readline().count)
            file.seek(0)
            rows = [row for row in csv.reader(file, delimiter=separator) if row]
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is no table of text in UTF-8: {error}") from None
    if not rows:
        raise BadInput(f"{path} is empty")
    uneven = next((n for n, row in enumerate(rows, 1) if len(row) != len(rows[0])), None)
    if uneven:
        count = len(rows[uneven - 1])
        raise BadInput(f"{path}: row {uneven} has {count} values, the first has {len(rows[0])}")
    named = _is_header(rows)
    header = rows[0] if named else [f"column {place}" for place in range(1, len(rows[0]) + 1)]
    columns: list[Sequence[Any]] = list(zip(*rows[named:], strict=True))
    return Table(str(path), header, columns or [() for _ in header])


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row names columns: it has no number, or a word above a number."""
    first = rows[0]
    if not any(_is_number(cell) for cell in first):
        return True
    below = rows[1] if len(rows) > 1 else first
    return any(a and not _is_number(a) and _is_number(b) for a, b in zip(first, below, strict=True))


def _parquet(path: Path) -> Table:
    purpose = "reading .parquet files"
    arrow, parquet = needed("pyarrow", purpose), needed("pyarrow.parquet", purpose)
    try:
        table = parquet.read_table(path)
        columns = [column.to_numpy() for column in table.columns]
    except arrow.ArrowException as error:
        raise BadInput(f"{path} is no .parquet file that can be read: {error}") from None
    return Table(str(path), list(table.column_names), columns)


def _samples(table: Table, targets: Sequence[str], beside: Sequence[str] = ()) -> Samples:
    """Some columns to predict from the others; those ``beside`` them are neither."""
    import numpy as np

    asked = [_place(table, name) for name in targets] or [_usual_target(table)]
    left_out = {*asked, *(_place(table, name) for name in beside)}
    others = [place for place in range(len(table.header)) if place not in left_out]
    if not others or not len(table.columns[0]):
        raise BadInput(f"{table.name} has no rows with both features and a column to predict")
    x = np.column_stack([_numbers(table, place) for place in others])
    if len(asked) > 1:
        return in_memory(table.name, x, np.column_stack([_numbers(table, p) for p in asked]))
    column = table.columns[asked[0]]
    y = _as_numbers(column)
    return in_memory(table.name, x, y if y is not None else np.array(list(map(_word, column))))


def _place(table: Table, target: str) -> int:
    if target not in table.header:
        raise BadInput(f"{table.name} has no column {target!r}; it has {_listed(table.header)}")
    return table.header.index(target)


def _usual_target(table: Table) -> int:
    """The column with a usual name, or the last."""
    usual = [place for place, name in enumerate(table.header) if name.lower() in TARGETS]
    return usual[0] if usual else len(table.header) - 1


def _numbers(table: Table, place: int) -> Array:
    return numbers_of(table, table.header[place], table.columns[place])


def numbers_of(table: Table, column: str, values: Sequence[Any]) -> Array:
    """The values of a column. Raises :class:`BadInput` for what is no number."""
    found = _as_numbers(values)
    if found is not None:
        return found
    wrong, value = next((n, v) for n, v in enumerate(values, 1) if not _is_number(v))
    raise BadInput(
        f"{table.name}: {column} is {value!r} in row {wrong} of the data, which is "
        "no number; encode words as numbers and fill what is missing first"
    )


def _as_numbers(values: Sequence[Any]) -> Array | None:
    import numpy as np

    try:
        return np.asarray(values).astype("float64")
    except (TypeError, ValueError):
        return None


def _word(value: Any) -> str:
    return "" if value is None else str(value)


def _is_number(value: Any) -> bool:
    return _as_numbers([value]) is not None


def _listed(names: list[str]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
