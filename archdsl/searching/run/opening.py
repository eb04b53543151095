"""A run, opened: begun anew, gone on with, or taken over from a search that was another."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from archdsl.searching.run.folder import DATABASE, Folder, existing
from archdsl.searching.run.params import Params
from archdsl.searching.run.rows import Rows
from archdsl.searching.run.run import Run
from archdsl.searching.run.settings import Settings, changed, versions
from archdsl.searching.run.storage import Opened, open_storage, shown
from archdsl.searching.troubles import NO_RUN, SearchError, storing, trouble

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from archdsl.searching.moves import Choice

SPEC, SETTINGS = "archdsl spec", "archdsl settings"  # of the study's attributes
METRICS = "study:metric_names"  # where Optuna keeps what its objectives are called
DIGITS = 8  # of the digest in the name of a study
HIDDEN = "***"  # in place of a password


class OpenedRun(NamedTuple):
    """A run; ``old`` is the one that was in its folder, where that is of another search."""

    run: Run
    old: Run | None = None


def open_run(
    path: str | os.PathLike[str],
    settings: Settings,
    choices: Iterable[Choice],
    url: str = "",
    adapt: bool = False,
) -> OpenedRun:
    """The run of a folder, begun where there is none.

    ``url`` is a database for many machines; by default it is a SQLite file in the folder, or what
    the run was begun with. With ``adapt`` the folder may hold a run of another search; else only
    one in which no trial has ended, as after a mistake in the command. Raises
    :class:`~archdsl.searching.troubles.SearchError`.
    """
    folder = Folder(path)
    then = folder.settings()
    if then is None:
        _refuse_strangers(folder)
    elif not url:
        url = known_url(then)
    now = replace(settings, storage=shown(url) if url else "", versions=versions())
    now = replace(now, study=study_name(now))
    refusal = changed(then, now, str(folder.path)) if then else None
    if refusal is not None and not adapt and not _is_bare(folder, then):
        raise refusal
    if then is not None and refusal is None and then.storage != now.storage:
        raise _elsewhere(then)
    params = Params(choices)
    old = _opened(folder, then, known_url(then), params) if then and refusal else None
    run = _opened(folder, now, url, params, is_new=True)
    if then is None:
        folder.write_settings(run.settings)
    return OpenedRun(run, old)


def _is_bare(folder: Folder, then: Settings | None) -> bool:
    """Whether nothing of a run could be lost, and nobody works on it."""
    if then is None or HIDDEN in then.storage:
        return False
    try:
        run = _opened(folder, then, then.storage, Params(()))
    except SearchError:
        return False
    with closing(run):
        run.sync()
        return not run.has_ended_trials and not run.is_worked_on()


def read_run(path: str | os.PathLike[str], url: str = "") -> Run:
    """The run of a folder, to be looked at. Raises
    :class:`~archdsl.searching.troubles.SearchError` where there is none."""
    folder, settings = existing(path)
    run = _opened(folder, settings, url or known_url(settings), Params(()))
    run.sync()
    run.close()
    return run


def known_url(settings: Settings) -> str:
    """The database of a run as far as it is kept: without a password. Raises
    :class:`~archdsl.searching.troubles.SearchError` where it had one."""
    if HIDDEN in settings.storage:
        raise _elsewhere(settings)
    return settings.storage


def _elsewhere(settings: Settings) -> Exception:
    where = settings.storage or f"its own {DATABASE}"
    message = f"the trials of this run are in {where}"
    needed = "that storage" + (", with its password" if HIDDEN in where else "")
    return trouble(NO_RUN, message, needed=needed, help="--storage says where trials are kept")


def _refuse_strangers(folder: Folder) -> None:
    """A folder that holds something else is not written into."""
    strangers = [
        place.name
        for place in folder.path.iterdir()
        if not place.name.startswith((".", DATABASE)) and place.name not in ("trials", "spec.arch")
    ]
    if strangers:
        message = f"{folder.path} holds other files, such as {min(strangers)}, and no run"
        raise trouble(NO_RUN, message, help="give a new folder (-o)")


def study_name(settings: Settings) -> str:
    """What a search is called in a database: two that may share their trials are called alike."""
    digest = hashlib.sha256(settings.told().encode()).hexdigest()
    return f"{settings.arch} {digest[:DIGITS]}"


def _opened(
    folder: Folder, settings: Settings, url: str, params: Params, is_new: bool = False
) -> Run:
    opened = open_storage(url or folder.url)
    with opened.turns.one(), storing(opened.shown):
        rows = _rows(opened, settings, is_new)
    return Run(folder, settings, opened, rows, params)


def _rows(opened: Opened, settings: Settings, is_new: bool) -> Rows:
    """The study of a run, made where there is none and there should be."""
    from optuna.study import StudyDirection

    storage = opened.storage
    try:
        return Rows(storage, storage.get_study_id_from_name(settings.study))
    except KeyError:
        if not is_new:
            message = f"the storage {opened.shown} does not have the trials of this run"
            raise trouble(NO_RUN, message, help="give the storage that it was begun with") from None
    directions = [StudyDirection[one.direction.upper()] for one in settings.objectives]
    study = storage.create_new_study(directions, settings.study)
    storage.set_study_user_attr(study, SPEC, settings.spec)
    storage.set_study_user_attr(study, SETTINGS, settings.dumps())
    storage.set_study_system_attr(study, METRICS, [one.text for one in settings.objectives])
    return Rows(storage, study)
