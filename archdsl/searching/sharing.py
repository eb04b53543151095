"""The data of a search, prepared once in the run's folder for all of its trials.

They stand in ``prepared`` while searches work on the run: the last one to leave removes them, or,
where that was killed, the next one that needs others. They take half of what is free on the disk at
most. Where they cannot be kept, or are not there (on other machines of a cluster), trials read the
data for themselves.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.searching.run.turns import FileTurns
from archdsl.searching.troubles import SearchError
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.runtime.live.data.given import Given
    from archdsl.runtime.live.learning.prepared import Origin, Prepared

SHARED = "shared"  # the option of a trial that says where prepared data are, and of what
FOLDER, LOCK, HALF = "prepared", ".prepared.lock", ".half."
SHARE = 2  # of the room on the disk, at most one part of so many


class Shared:
    """Data that were read, until they are kept."""

    def __init__(self, data: Given, origin: Origin) -> None:
        self.origin = origin
        self._data: Given | None = data

    def kept(self, run: Path, tell: Callable[[str], None]) -> dict[str, Any]:
        """Keep the data in a run's folder, unless they are there: the option of its trials. Where
        they cannot be kept, ``tell`` is told why."""
        place = run.absolute() / FOLDER / _key(self.origin)
        try:
            with FileTurns(run / LOCK).one():
                self._write(place)
        except (OSError, MemoryError, SearchError) as error:
            tell(f"each trial reads the data for itself: {_reason(error)}")
        self._data = None  # trials have their own; the search needs them no more
        return {SHARED: {"folder": str(place), "of": list(self.origin)}}

    def _write(self, place: Path) -> None:
        from archdsl.runtime.live.learning.prepared import nbytes, prepared, write

        place.parent.mkdir(parents=True, exist_ok=True)
        for other in place.parent.iterdir():  # of other data, or half written by who was killed
            if other != place:
                shutil.rmtree(other, ignore_errors=True)
        if place.exists() or self._data is None:
            return
        ready = prepared(self._data, self.origin.seed)
        _refuse_large(nbytes(ready), place.parent)
        half = place.with_name(f"{HALF}{os.getpid()}")
        try:
            write(half, ready, self.origin)
            half.rename(place)
        except BaseException:
            shutil.rmtree(half, ignore_errors=True)
            raise


def removed(run: Path) -> None:
    """Remove what is kept of data in a run's folder: nobody works on it any more."""
    if not (run / FOLDER).exists():
        return
    try:
        with FileTurns(run / LOCK).one():
            shutil.rmtree(run / FOLDER, ignore_errors=True)
    except (OSError, SearchError):  # the next search does
        return


def found(option: dict[str, Any] | None, origin: Origin) -> Prepared | None:
    """The data that a trial's option names, if they are there and of this origin."""
    from archdsl.runtime.live.learning.prepared import load

    return None if option is None else load(Path(option["folder"]), origin)


def _key(origin: Origin) -> str:
    return hashlib.sha256(json.dumps(origin).encode()).hexdigest()[:16]


def _refuse_large(size: int, folder: Path) -> None:
    most = shutil.disk_usage(folder).free // SHARE
    if size > most:
        wanted, there = Quantity(size, "bytes"), Quantity(most, "bytes")
        raise OSError(f"kept for all they take {wanted}, and half of what is free is {there}")


def _reason(error: Exception) -> str:
    if isinstance(error, SearchError):
        return error.diagnostics[0].message
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'the folder'} cannot be written: {error.strerror.lower()}"
    return str(error) or "there is not enough memory to prepare them"
