"""What ``--data`` gives a training or a search: samples, a text or graphs, fitted to a spec."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.fitting import fitted
from archdsl.runtime.live.data.functions import called, function_named
from archdsl.runtime.live.data.graph_sources import of_arrays, of_objects
from archdsl.runtime.live.data.graphs import fitted_graphs
from archdsl.runtime.live.data.positions import fitted_for_several, fitted_positions
from archdsl.runtime.live.data.samples import in_memory
from archdsl.runtime.live.data.several import columns_apart, of_pair, samples_of, untold
from archdsl.runtime.live.data.sources import npz_arrays
from archdsl.runtime.live.data.tables import apart, series
from archdsl.runtime.live.data.text import is_text, read_text
from archdsl.runtime.live.data.windows import fitted_windows
from archdsl.spec.inputs import Inputs
from archdsl.spec.outcome import WrongOutput
from archdsl.types import graph_of, lengths_beside, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.runtime.live.data.fitting import Fitted
    from archdsl.runtime.live.data.graphs import FittedGraphs, Graphs
    from archdsl.runtime.live.data.samples import Samples
    from archdsl.runtime.live.data.text import Text
    from archdsl.spec.data import Data
    from archdsl.spec.task import Task

    Given = Fitted | Text | FittedGraphs

SERIES = (".csv", ".parquet")


def given(where: str, data: Data, task: Task | None, targets: Sequence[str] = ()) -> Given:
    """The data that ``--data`` names, as the spec takes them. ``targets`` are columns of a table.

    A text file where the spec predicts tokens, graphs where it takes graphs (a ``.npz`` file, or
    objects of PyTorch Geometric from ``module:function``), else samples in arrays; with an answer
    for each pixel or token as the task says.

    Raises :class:`BadInput` when it cannot be used, with what was found and what the spec takes;
    :class:`~archdsl.runtime.extras.MissingPackage` when a package is not there.
    """
    if graph_of(data.tensor()) is not None:
        return fitted_graphs(_graphs(where, data), data, task)
    if is_text(where) and not isinstance(data, Inputs):
        return read_text(where, data, task)
    if is_long_series(where, data, task):
        return long_series(where, data, task, targets)
    return _fitted(_samples(where, data, task, targets), data, task)


def in_python(found: Any, data: Data, task: Task | None) -> Given:
    """Objects of Python's, as the spec takes them: a pair of arrays (X, y), for several inputs a
    pair of arrays by their names, and y, or graphs of PyTorch Geometric where it takes graphs; the
    inputs alone, where what is right lies in them.
    Raises :class:`BadInput`."""
    if graph_of(data.tensor()) is not None:
        return fitted_graphs(of_objects("data", found, data), data, task)
    if task is not None and not task.is_told:
        return _fitted(untold("data", found, data), data, task)
    if isinstance(data, Inputs) or lengths_beside(data.tensor()):
        return _fitted(of_pair("data", found, data), data, task)
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise BadInput(f"data is {type(found).__name__}; it has to be a pair (X, y) of arrays")
    return _fitted(in_memory("data", *found), data, task)


def is_long_series(where: str, data: Data, task: Task | None) -> bool:
    """Whether ``--data`` names one series, in whose windows a forecast is learned: a table, where
    the task tells of later steps, and nothing else flows in."""
    is_table = Path(where).suffix.lower() in SERIES
    return task is not None and task.foretells and is_table and not isinstance(data, Inputs)


def _columns(where: str, data: Data, task: Task, targets: Sequence[str]) -> Samples:
    """A table with columns for each of several tasks: those of their names, or the ``targets`` in
    order, as many for each as it takes. Raises :class:`BadInput`."""
    names = targets or [name for name, _ in task.heads]
    counts = {name: one.columns(data) for name, one in task.heads}
    if len(names) != sum(counts.values()):
        told = ", ".join(f"{name}: {count:,}" for name, count in counts.items())
        raise BadInput(
            f"{where}: the tasks take {sum(counts.values()):,} columns ({told}), and there are "
            f"{len(names):,}; --target names them in order"
        )
    left = iter(names)
    each = {name: [next(left) for _ in range(count)] for name, count in counts.items()}
    try:
        if isinstance(data, Inputs):
            return columns_apart(Path(where), data, each)
        return apart(Path(where), each)
    except OSError as error:
        raise BadInput(f"cannot read {where}: {error.strerror or error}") from None


def long_series(where: str, data: Data, task: Task | None, targets: Sequence[str]) -> Fitted:
    """The windows of the series that a table holds. Raises :class:`BadInput`."""
    assert task is not None
    wrong = task.outputs(data)
    if isinstance(wrong, WrongOutput):
        raise BadInput(wrong.message)
    try:
        found, told = series(Path(where), targets)
    except OSError as error:
        raise BadInput(f"cannot read {where}: {error.strerror or error}") from None
    return fitted_windows(where, found, told, data, task)


def whole_samples(where: str, data: Data, task: Task | None, targets: Sequence[str] = ()) -> Fitted:
    """Samples with one answer each (an answer to each of several tasks), which is what baselines
    learn from. Raises :class:`BadInput`."""
    if graph_of(data.tensor()) is not None:
        raise BadInput(
            f"baselines learn from rows of numbers, and the spec takes {said(data.tensor())}; "
            "put a simple `arch` for the same graphs into the file, and train both"
        )
    if is_long_series(where, data, task):
        return long_series(where, data, task, targets)
    found = _samples(where, data, task, targets)
    if task is not None and len(task.heads) > 1:
        return fitted_for_several(found, data, task)
    return fitted(found, data, task)


def _samples(where: str, data: Data, task: Task | None, targets: Sequence[str]) -> Samples:
    """The samples of a file, a folder or a function; a table has columns for each of several
    tasks. Raises :class:`BadInput`."""
    if task is not None and len(task.heads) > 1 and Path(where).suffix.lower() in SERIES:
        return _columns(where, data, task, targets)
    return samples_of(where, data, targets, task is None or task.is_told)


def _fitted(found: Samples, data: Data, task: Task | None) -> Fitted:
    if task is not None and len(task.heads) > 1:
        return fitted_for_several(found, data, task)
    if task is not None and task.unit(data) in ("pixel", "token"):
        return fitted_positions(found, data, task)
    return fitted(found, data, task)


def _graphs(where: str, data: Data) -> Graphs:
    path = Path(where)
    if path.suffix.lower() == ".npz" and path.is_file():
        try:
            return of_arrays(where, npz_arrays(path))
        except OSError as error:
            raise BadInput(f"cannot read {path}: {error.strerror or error}") from None
    named = function_named(where)
    if named is None or path.exists():
        raise BadInput(
            f"there are no graphs at {where}; --data takes them as a .npz file with x, edge_index "
            "and y, and what the spec takes besides, or as module:function that gives objects of "
            "PyTorch Geometric"
        )
    return of_objects(where, called(where, *named), data)
