"""Data made ready for training, kept in a folder: read, fitted and parted once, for many trainings.

The folder has a ``.npy`` file for each array and ``data.json``, which says how they belong together
and what they were made of. Each is mapped into memory: trainings that run at once share its pages,
and what one of them writes into an array stays its own (copy on write). Nothing is pickled.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from archdsl import types
from archdsl.runtime.live.arrays import Part, Parts, Scale
from archdsl.runtime.live.data import text
from archdsl.runtime.live.data.fitting import Fitted
from archdsl.runtime.live.data.graphs import Beside, FittedGraphs, Graphs, Masks
from archdsl.runtime.live.learning.splits import parted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archdsl.runtime.live.arrays import Array
    from archdsl.runtime.live.data.given import Given
    from archdsl.spec.data import Data
    from archdsl.spec.task import Task

    Prepared = Parts | text.Text | FittedGraphs

INDEX = "data.json"
READ_ONLY = 0o444
TUPLES: dict[str, type[Any]] = {
    f"{one.__module__}.{one.__name__}": one
    for one in (
        *(Parts, Part, Scale, text.Text, FittedGraphs, Beside, Graphs, Masks),
        *(types.Padded, *get_args(types.TensorType)),
    )
}
WINDOWS = "windows"


class Origin(NamedTuple):
    """What prepared data were made of: a digest of the ``contents``, the clauses of the spec that
    say how they are taken, and the ``seed`` that parts them."""

    contents: str
    data: str
    task: str
    seed: int

    @classmethod
    def of(cls, contents: str, data: Data, task: Task | None, seed: int) -> Origin:
        return cls(contents, repr(data), repr(task), seed)


def prepared(data: Given, seed: int) -> Prepared:
    """Data as far as they are the same for all designs: samples in their three parts, scaled."""
    return parted(data, seed) if isinstance(data, Fitted) else data


def nbytes(value: Any) -> int:
    """The bytes of all arrays in it."""
    if isinstance(value, text.Part):
        return value.x.nbytes + value.x.itemsize
    if isinstance(value, tuple):
        return sum(map(nbytes, value))
    return int(value.nbytes) if hasattr(value, "tobytes") else 0


def write(folder: Path, data: Prepared, origin: Origin) -> None:
    """Write prepared data into a folder, and wait until they are on the disk. Raises OSError."""
    arrays: list[Array] = []
    told = json.dumps({"of": origin, "data": _told(data, arrays)})
    folder.mkdir()
    for number, array in enumerate(arrays):
        _write(folder / f"{number}.npy", array)
    with (folder / INDEX).open("w", encoding="utf-8") as file:
        file.write(told)
        file.flush()
        os.fsync(file.fileno())


def _write(path: Path, array: Array) -> None:
    import numpy as np

    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(READ_ONLY)


def _told(value: Any, arrays: list[Array]) -> Any:
    """A value as JSON, in which arrays are told by their numbers."""
    if isinstance(value, text.Part):  # what follows each id is the next one
        return {WINDOWS: _told(_ids(value), arrays), "length": value.x.shape[1]}
    if isinstance(value, tuple):
        kind = f"{type(value).__module__}.{type(value).__name__}"
        assert type(value) is tuple or kind in TUPLES, f"{kind} would come back without its names"
        return {"tuple": kind, "values": [_told(one, arrays) for one in value]}
    if not hasattr(value, "tobytes"):
        return value
    order = sorted(range(value.ndim), key=lambda axis: -value.strides[axis])
    arrays.append(value.transpose(order))  # as it lies in memory, which computing may heed
    return {"array": len(arrays) - 1, "order": order}


def _ids(part: text.Part) -> Array:
    import numpy as np

    return np.append(part.x.reshape(-1), part.y.reshape(-1)[-1:])


def load(folder: Path, origin: Origin) -> Prepared | None:
    """The data in a folder, mapped; None where there are none of this origin."""
    try:
        kept = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        if kept["of"] != list(origin):
            return None
        found: Prepared = _made(kept["data"], folder)
    except (OSError, ValueError, KeyError, TypeError):  # not there, or removed meanwhile
        return None
    return found


def _made(told: Any, folder: Path) -> Any:
    if not isinstance(told, dict):
        return told
    if WINDOWS in told:
        ids, length = _made(told[WINDOWS], folder), told["length"]
        return text.Part(ids[:-1].reshape(-1, length), ids[1:].reshape(-1, length))
    if "array" in told:
        return _mapped(folder / f"{told['array']}.npy", told["order"])
    values: Iterator[Any] = (_made(one, folder) for one in told["values"])
    kind = TUPLES.get(told["tuple"])
    return tuple(values) if kind is None else kind(*values)


def _mapped(path: Path, order: list[int]) -> Array:
    import numpy as np

    array = np.load(path, mmap_mode="c", allow_pickle=False) if _holds_any(path) else np.load(path)
    back = sorted(range(len(order)), key=order.__getitem__)
    found: Array = array.view(np.ndarray).transpose(back)
    return found


def _holds_any(path: Path) -> bool:
    """Whether an array has entries: what is empty cannot be mapped."""
    import numpy as np

    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        shape, _, _ = np.lib.format.read_array_header_1_0(file)
    return 0 not in shape
