"""Samples with several inputs: an array for each, by the names that the spec gives them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.arrays import WORDS
from archdsl.runtime.live.data.fitting import shaped
from archdsl.runtime.live.data.functions import called, function_named
from archdsl.runtime.live.data.pair_folder import arrays_in
from archdsl.runtime.live.data.rows import answers_of_rows, padded_rows
from archdsl.runtime.live.data.samples import Samples, in_memory
from archdsl.runtime.live.data.sources import npz_arrays, read
from archdsl.runtime.live.data.tables import TARGETS, Table, numbers_of, table_in
from archdsl.spec.inputs import Inputs
from archdsl.types import Category, Vector, arguments, lengths_beside, padding, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.runtime.live.arrays import Array
    from archdsl.spec.data import Data

KNOWN = (
    "a .npz file with an array for each of them and y, a .csv or .parquet table with their"
    " columns, or module:function that gives a pair ({name: array, …}, y)"
)
UNTOLD = (
    "a .npz file with an array for each input, a .csv or .parquet table with their columns, a"
    " folder with a subfolder of pictures, texts or arrays for each input, or module:function that"
    " gives {name: array, …}"
)
ROWS = (
    "a .npz file with X, lengths and y, or module:function that gives a pair (X, y), X being a list"
    " of rows of different lengths, or {x: array, lengths: array}"
)


def samples_of(
    where: str, data: Data, targets: Sequence[str] = (), is_told: bool = True
) -> Samples:
    """The samples that ``--data`` names, for a spec of one input or of several. ``targets`` are
    columns of a table. Where nothing ``is_told``, what is right lies in the samples, and is the
    number of each. Raises :class:`BadInput`."""
    if not is_told:
        return _untold(where, data, targets)
    if isinstance(data, Inputs) or lengths_beside(data.tensor()):
        return _read(where, data, targets)
    return read(where, targets)


def _untold(where: str, data: Data, targets: Sequence[str]) -> Samples:
    if targets:
        raise BadInput(
            f"--target names columns to predict, and the task takes nothing but the inputs of"
            f" {where}"
        )
    if isinstance(data, Inputs) and Path(where).is_dir():
        wanted = {
            n: arguments(data.tensor())[n] for n, c in data.inputs().items() if not c.is_drawn
        }
        return of_inputs(where, arrays_in(Path(where), wanted), None, data)
    return _read(where, data, is_told=False)


def _read(where: str, data: Data, targets: Sequence[str] = (), is_told: bool = True) -> Samples:
    """The samples of a spec with several inputs, in the order of its inputs and in their shapes."""
    path = Path(where)
    suffix = path.suffix.lower() if path.is_file() else ""
    try:
        if suffix in (".csv", ".parquet") and (isinstance(data, Inputs) or not is_told):
            return _of_table(table_in(path), data, targets, is_told)
        if suffix == ".npz":
            return _of_arrays(where, npz_arrays(path), data, is_told)
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror or error}") from None
    named = function_named(where)
    if named is not None and not path.exists():
        found = called(where, *named)
        return of_pair(where, found, data) if is_told else untold(where, found, data)
    if not is_told:
        raise BadInput(f"{where} holds no pairs that can be read here: --data takes {UNTOLD}")
    if not isinstance(data, Inputs):
        raise BadInput(
            f"the spec takes {said(data.tensor())}, and {where} is no data for that: --data takes "
            f"{ROWS}"
        )
    raise BadInput(
        f"the spec has the inputs {_names(data)}, and {where} is no data for several: --data takes "
        f"{KNOWN}"
    )


def of_pair(name: str, pair: Any, data: Data) -> Samples:
    """A pair of arrays by the names of their inputs, and the targets. Raises :class:`BadInput`."""
    is_pair = isinstance(pair, (tuple, list)) and len(pair) == 2
    if is_pair and not hasattr(pair[0], "keys") and len(data.inputs()) == 1:
        pair = ({"x": pair[0]}, pair[1])
    if not is_pair or not hasattr(pair[0], "keys"):
        raise BadInput(
            f"{name} gave {type(pair).__name__}; for the inputs {_names(data)} it has to give a "
            "pair ({name: array, …}, y)"
        )
    return of_inputs(name, dict(pair[0]), pair[1], data)


def untold(name: str, found: Any, data: Data) -> Samples:
    """Arrays by the names of their inputs, or one for the only input; what is beside them, as the y
    of other tasks, is not read. Raises :class:`BadInput`."""
    given = found[0] if isinstance(found, tuple) and len(found) == 2 else found
    if not hasattr(given, "keys") and len(data.inputs()) == 1:
        given = {"x": given}
    if not hasattr(given, "keys"):
        raise BadInput(
            f"{name} gave {type(found).__name__}; for the inputs {_names(data)} it has to give "
            "{name: array, …}"
        )
    return of_inputs(name, dict(given), None, data)


def of_inputs(name: str, arrays: Mapping[str, Any], y: Any, data: Data) -> Samples:
    """Samples from an array for each input; what is drawn needs none. ``y`` is an array, or one
    for each of several tasks by their names; without it the numbers of the samples. Raises
    :class:`BadInput`."""
    import numpy as np

    by_name = {one.lower(): array for one, array in arrays.items()}
    given: dict[str, Any] = {
        n: by_name.get(n.lower()) for n, one in data.inputs().items() if not one.is_drawn
    }
    missing = [one for one, array in given.items() if array is None]
    if missing:
        there = ", ".join(arrays) or "nothing"
        raise BadInput(f"{name} holds {there}; the spec has an input `{missing[0]}` besides")
    parts: dict[str, Array] = {}
    lengths: dict[str, Array] = {}
    first: Samples | None = None
    for one, clause in data.inputs().items():
        if one not in given:
            continue
        of, takes = f"{name}: {one}", arguments(data.tensor())[one]
        array, rows = given[one], padding(takes)
        if rows is not None:
            said_so = by_name.get(rows.lengths.lower())
            array, lengths[rows.lengths] = padded_rows(of, array, said_so, takes)
            y = answers_of_rows(y, takes)
        y = np.arange(len(array)) if y is None else y
        found = in_memory(of, _coded(array, clause, of), y)
        parts[one] = shaped(found.inputs, clause.tensor(), of)
        first = first or found
    if first is None:
        raise BadInput(f"all inputs of the spec are drawn at random; {name} gives it nothing")
    nothing = np.zeros((len(first.y), 0), "float32")
    parts.update(lengths)
    arranged = [parts.get(one, nothing) for one in arguments(data.tensor())]

    def fetch(places: Array) -> tuple[Array, ...]:
        return tuple([part[places] for part in arranged])

    return Samples(name, first.y, fetch, first.named)


def _of_arrays(where: str, arrays: dict[str, Array], data: Data, is_told: bool) -> Samples:
    if not is_told:
        return of_inputs(where, arrays, None, data)
    own = {name.lower() for name in arguments(data.tensor())}
    named = {name: array for name, array in arrays.items() if name not in own}
    if not named:
        raise BadInput(f"{where} holds {', '.join(arrays) or 'nothing'}; it has to hold y")
    return of_inputs(where, arrays, arrays.get("y", named), data)


def columns_apart(path: Path, data: Data, targets: Mapping[str, Sequence[str]]) -> Samples:
    """A table with columns for each of several tasks, by their names. Raises
    :class:`BadInput`."""
    table = table_in(path)
    arrays = _columns(table, data, [one for names in targets.values() for one in names])
    y = {name: _target(table, names) for name, names in targets.items()}
    return of_inputs(table.name, arrays, y, data)


def _of_table(table: Table, data: Data, targets: Sequence[str], is_told: bool) -> Samples:
    if not is_told:
        return of_inputs(table.name, _columns(table, data, ()), None, data)
    asked = [*targets] or [_usual_target(table)]
    return of_inputs(table.name, _columns(table, data, asked), _target(table, asked), data)


def _columns(table: Table, data: Data, asked: Sequence[str]) -> dict[str, Any]:
    """What the inputs take of a table, beside the columns that are asked for. A category takes the
    column of its name; a table takes the columns whose names begin with its own and a dot or an
    underscore, or, being the only one, all that are left."""
    import numpy as np

    columns = dict(zip(table.header, table.columns, strict=True))
    for column in asked:
        if column not in columns:
            raise BadInput(f"{table.name} has no column {column!r}")
    left = {one: values for one, values in columns.items() if one not in asked}
    arrays: dict[str, Any] = {}
    for name, clause in data.inputs().items():
        if isinstance(clause.tensor(), Category):
            if name not in left:
                raise BadInput(
                    f"{table.name} has no column {name!r}, which is an input of the spec"
                )
            arrays[name] = np.asarray(left.pop(name))
    tables = {n: one for n, one in data.inputs().items() if _is_table(one)}
    for name in tables:
        own = [one for one in left if one.startswith((f"{name}.", f"{name}_"))]
        own = [*left] if len(tables) == 1 and not own else own
        if own:
            arrays[name] = np.column_stack([numbers_of(table, one, left[one]) for one in own])
    return arrays


def _target(table: Table, asked: Sequence[str]) -> Array:
    """The columns that are asked for: numbers as numbers, words as they are."""
    import numpy as np

    columns = dict(zip(table.header, table.columns, strict=True))
    y = np.column_stack([np.asarray(columns[one]) for one in asked])
    return _as_target(y[:, 0] if len(asked) == 1 else y)


def _is_table(clause: Data) -> bool:
    return isinstance(clause.tensor(), Vector) and not clause.is_drawn


def _as_target(y: Array) -> Array:
    """Numbers as numbers, words as they are."""
    try:
        numbers: Array = y.astype("float64")
    except ValueError:
        return y
    return numbers


def _usual_target(table: Table) -> str:
    usual = [name for name in table.header if name.lower() in TARGETS]
    return usual[0] if usual else table.header[-1]


def _coded(given: Any, clause: Data, name: str) -> Any:
    """The values of a category as ids: whole numbers as they are, words in their order."""
    import numpy as np

    takes = clause.tensor()
    if not isinstance(takes, Category):
        return given
    array = np.asarray(given)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.dtype.kind in WORDS:
        try:
            return array.astype("float64")
        except ValueError:
            words, ids = np.unique(array, return_inverse=True)
        if len(words) > takes.vocab:
            raise BadInput(
                f"{name} has {len(words):,} different words; the spec takes {said(takes)}"
            )
        return ids.reshape(-1)
    return array


def _names(data: Data) -> str:
    return ", ".join(f"`{name}`" for name in data.inputs())
