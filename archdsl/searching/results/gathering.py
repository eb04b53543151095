"""A run's results, read from its folder and its database, also where neither may be written to."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from archdsl.searching.found import KILLED
from archdsl.searching.results.results import Results
from archdsl.searching.run.folder import DATABASE, existing
from archdsl.searching.run.opening import read_run
from archdsl.searching.run.sessions import sessions, spent
from archdsl.searching.troubles import UNUSABLE, storing, trouble

if TYPE_CHECKING:
    from archdsl.searching.run.run import Run


def results(path: str | os.PathLike[str], *, storage: str = "") -> Results:
    """What the run in a folder has come to, also while a search works on it.

    ``storage`` is the database with its password, where it has one. Raises
    :class:`~archdsl.searching.troubles.SearchError`: E913 the storage cannot be used, E918 there is
    no run; and ImportError where Optuna is missing.
    """
    folder, settings = existing(path)
    if storage or settings.storage or os.access(folder.path, os.W_OK):
        return _opened(path, storage)
    with tempfile.TemporaryDirectory(prefix="archdsl-") as place:
        copy = Path(place) / DATABASE
        _copy(folder.path / DATABASE, copy)
        return _opened(path, f"sqlite:///{copy}")


def _opened(path: str | os.PathLike[str], storage: str) -> Results:
    run = read_run(path, storage)
    try:
        return _read(run)
    finally:
        run.leave()


def _copy(database: Path, copy: Path) -> None:
    """Copy a database from a folder that may not be written to, where SQLite cannot take its usual
    locks. One that nobody writes to needs none. Raises
    :class:`~archdsl.searching.troubles.SearchError`."""
    for how in ("mode=ro", "immutable=1"):
        try:
            source = sqlite3.connect(f"file:{quote(str(database.absolute()))}?{how}", uri=True)
            with closing(source), closing(sqlite3.connect(copy)) as target:
                source.backup(target)
        except sqlite3.Error as error:
            if how == "immutable=1":
                message = f"the storage {database} cannot be used: {error}"
                help = "copy the whole folder to where it may be written, and read it there"
                raise trouble(UNUSABLE, message, help=help) from None
        else:
            return


def _read(run: Run) -> Results:
    settings = run.settings
    with storing(run.where):
        known = sessions(run.rows)
        distributions = run.rows.distributions()
    rejected: Counter[str] = Counter()
    reasons: dict[str, str] = {}
    for one in known:
        rejected.update(one.rejected)
        reasons = {**one.reasons, **reasons}
    is_running = any(one.is_alive for one in known)
    last = known[-1] if known else None
    ended = "" if is_running or last is None else last.why if last.ended else KILLED
    evaluated = settings.evaluated if isinstance(settings.evaluated, list) else [""]
    strategy = last.asked.get("strategy", {}) if last is not None and last.asked else {}
    return Results(
        folder=run.folder.path,
        objectives=settings.objectives,
        trials=tuple(run.trials),
        ended=ended,
        rejected=dict(rejected),
        arch=settings.arch,
        spec=settings.spec,
        root=settings.root,
        file=settings.file,
        evaluator=evaluated[0] or "",
        strategy=strategy or settings.strategy,
        seed=settings.seed,
        is_running=is_running,
        seconds=spent(known, time.time()),
        began=known[0].began if known else None,
        reasons=reasons,
        versions=dict(settings.versions),
        distributions=distributions,
    )
