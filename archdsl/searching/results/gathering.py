"""A run's results, read from its folder and its database. Nothing is written."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from archdsl.searching.found import KILLED
from archdsl.searching.results.results import Results
from archdsl.searching.run.opening import read_run
from archdsl.searching.run.sessions import sessions, spent
from archdsl.searching.troubles import storing

if TYPE_CHECKING:
    import os

    from archdsl.searching.run.run import Run


def results(path: str | os.PathLike[str], *, storage: str = "") -> Results:
    """What the run in a folder has come to, also while a search works on it.

    ``storage`` is the database with its password, where it has one. Raises
    :class:`~archdsl.searching.troubles.SearchError`: E913 the storage cannot be used, E918 there is
    no run; and ImportError where Optuna is missing.
    """
    run = read_run(path, storage)
    try:
        return _read(run)
    finally:
        run.leave()


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
