"""Where data comes from: the word after ``--data``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.runtime.live.data.folder import image_folder
from archdsl.runtime.live.data.samples import in_memory
from archdsl.runtime.live.data.tables import csv_table, parquet_table
from archdsl.runtime.live.extras import Unfit, needed

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.runtime.live.data.samples import Samples

SKLEARN = ("digits", "wine", "breast_cancer", "iris", "diabetes")
KNOWN = (
    "a .npz file with X and y, a .csv or .parquet table, a folder of images with a subfolder for "
    f"each class, sklearn:NAME ({', '.join(SKLEARN)}), or module:function"
)


def read(where: str, target: str | None = None) -> Samples:
    """The data that ``--data`` names; ``target`` is the column of a table to predict.

    Raises :class:`Unfit` when it cannot be used, :class:`Missing` when a package is.
    """
    if where.startswith("sklearn:"):
        return _sklearn(where)
    path = Path(where)
    if path.is_dir():
        return image_folder(path)
    if path.is_file():
        return _file(path, target)
    module, colon, function = where.partition(":")
    if colon and module.replace(".", "").isidentifier() and function.isidentifier():
        return _entry_point(where, module, function)
    raise Unfit(f"there is no data at {where}; --data takes {KNOWN}")


def _sklearn(where: str) -> Samples:
    name = where.partition(":")[2]
    if name not in SKLEARN:
        raise Unfit(f"scikit-learn brings no {name!r} here; it has {', '.join(SKLEARN)}")
    bundled = getattr(needed("sklearn.datasets", where), f"load_{name}")()
    return in_memory(where, bundled.data, bundled.target)


def _file(path: Path, target: str | None) -> Samples:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise Unfit(f"{path} is no data that can be read here; --data takes {KNOWN}")
    try:
        return reader(path, target)
    except OSError as error:
        raise Unfit(f"cannot read {path}: {error.strerror or error}") from None


def _npz(path: Path, target: str | None) -> Samples:
    import zipfile

    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name.lower(): file[name] for name in file.files}
    except (ValueError, zipfile.BadZipFile) as error:
        raise Unfit(f"{path} is no .npz file of plain arrays: {error}") from None
    if not {"x", "y"} <= arrays.keys():
        raise Unfit(f"{path} holds {', '.join(arrays) or 'nothing'}; it has to hold X and y")
    return in_memory(str(path), arrays["x"], arrays["y"])


_READERS: dict[str, Callable[[Path, str | None], Samples]] = {
    ".npz": _npz,
    ".csv": csv_table,
    ".parquet": parquet_table,
}


def _entry_point(where: str, module: str, function: str) -> Samples:
    """What ``function()`` of a module in the current folder, or installed, gives: X and y."""
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        made: Any = getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise Unfit(f"there is no file or module for {where}; --data takes {KNOWN}") from None
    except AttributeError:
        raise Unfit(f"the module {module} has no {function}") from None
    given = made()
    if not isinstance(given, tuple) or len(given) != 2:
        raise Unfit(f"{where} gave {type(given).__name__}; it has to give a pair (X, y) of arrays")
    return in_memory(where, *given)
