"""Where data comes from: the word after ``--data``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archdsl.runtime.extras import BadInput, needed
from archdsl.runtime.live.data.folder import image_folder
from archdsl.runtime.live.data.functions import entry_point, function_named
from archdsl.runtime.live.data.samples import in_memory
from archdsl.runtime.live.data.tables import csv_table, parquet_table
from archdsl.runtime.live.data.text import SUFFIXES, UNITS
from archdsl.runtime.live.room import make_room

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archdsl.runtime.live.arrays import Array
    from archdsl.runtime.live.data.samples import Samples

SKLEARN = ("digits", "wine", "breast_cancer", "iris", "diabetes", "linnerud")
KNOWN = (
    "a .npz file with X and y (for graphs with x, edge_index and y), a .csv or .parquet table, a "
    "folder of images with a subfolder for each class, a text for `task next_token()` "
    f"({', '.join(SUFFIXES)}, or UNIT:FILE with {', '.join(UNITS[:-1])} or {UNITS[-1]}), "
    f"sklearn:NAME ({', '.join(SKLEARN)}), or module:function"
)


def read(where: str, targets: Sequence[str] = ()) -> Samples:
    """The data that ``--data`` names; ``targets`` are the columns of a table to predict.

    Raises :class:`BadInput` when it cannot be used, :class:`MissingPackage` when a package is.
    """
    path = Path(where)
    if targets and path.suffix.lower() not in _TABLES:
        raise BadInput(
            f"--target names a column of a .csv or .parquet table, and {where} is neither"
        )
    if where.startswith("sklearn:"):
        return _sklearn(where)
    if where and path.is_dir():
        return image_folder(path)
    if path.is_file():
        return _file(path, targets)
    named = function_named(where)
    if named is not None:
        return entry_point(where, *named)
    raise BadInput(f"there is no data at {where}; --data takes {KNOWN}")


def _sklearn(where: str) -> Samples:
    name = where.partition(":")[2]
    if name not in SKLEARN:
        raise BadInput(f"scikit-learn brings no {name!r} here; it has {', '.join(SKLEARN)}")
    bundled = getattr(needed("sklearn.datasets", where), f"load_{name}")()
    return in_memory(where, bundled.data, bundled.target)


def _file(path: Path, targets: Sequence[str]) -> Samples:
    suffix = path.suffix.lower()
    try:
        if suffix == ".npz":
            return _npz(path)
        if suffix in _TABLES:
            return _TABLES[suffix](path, targets)
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror or error}") from None
    raise BadInput(f"{path} is no data that can be read here; --data takes {KNOWN}")


def npz_arrays(path: Path) -> dict[str, Array]:
    """The arrays of a file by their names in small letters; what would have to be unpickled is
    refused, and what does not fit into memory. Raises :class:`BadInput`."""
    import zipfile
    import zlib

    import numpy as np

    try:
        with zipfile.ZipFile(path) as packed:
            make_room(sum(one.file_size for one in packed.infolist()), f"reading {path}")
        with np.load(path, allow_pickle=False) as file:
            return {name.lower(): file[name] for name in file.files}
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise BadInput(f"{path} is no .npz file of plain arrays: {error}") from None


def _npz(path: Path) -> Samples:
    arrays = npz_arrays(path)
    if "x" not in arrays or len(arrays) < 2:
        raise BadInput(f"{path} holds {', '.join(arrays) or 'nothing'}; it has to hold X and y")
    named = {name: array for name, array in arrays.items() if name != "x"}
    return in_memory(str(path), arrays["x"], arrays.get("y", named))


_TABLES: dict[str, Callable[[Path, Sequence[str]], Samples]] = {
    ".csv": csv_table,
    ".parquet": parquet_table,
}
