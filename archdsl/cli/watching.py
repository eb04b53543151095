"""``--watch``: a command on files, done again whenever one of them changes."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from time import strftime
from typing import TYPE_CHECKING, Any

import click

from archdsl import stages
from archdsl.cli.console import is_animated
from archdsl.cli.inputs import STDIN, root_of, source_of, specs_in
from archdsl.cli.refused import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from archdsl.cli.console import Console
    from archdsl.terms import Terms

SUFFIXES = (".arch",)
SETTINGS = "pyproject.toml"
OFTEN = 100  # milliseconds


def refuse_unwatchable(console: Console, paths: Sequence[str]) -> None:
    """Raises UsageError for what cannot be done again: reading stdin, writing one document."""
    if STDIN in paths:
        raise click.UsageError("--watch takes files and folders: stdin is read once")
    if console.is_document:
        raise click.UsageError(
            f"--watch writes again and again: not with --format {console.format}"
        )


def watched(console: Console, paths: Sequence[str], once: Callable[[], int], within: Terms) -> int:
    """Does something once, and again after each change of a spec below the paths, of a file that
    one of them uses, or of a project's settings, until it is interrupted; its last exit code."""
    from archdsl.runtime.extras import MissingPackage, needed

    try:
        watchfiles = needed("watchfiles", "--watch")
    except MissingPackage as missing:
        raise Refused(str(missing)) from None
    folders: set[str] = set()
    while True:
        now = {str(folder) for folder in _folders(paths, within)}
        if now != folders:
            folders = now
            changes = _changes(watchfiles, sorted(folders))
        code = _round(once)
        console.progress(f"[{strftime('%H:%M:%S')}] waiting for changes, Ctrl-C ends")
        if not any(changes):  # an interruption ends them
            return code
        if is_animated(sys.stderr):
            click.clear()


def _changes(watchfiles: Any, folders: Sequence[str]) -> Iterator[Any]:
    """What changes in folders, from now on, and nothing where nothing did for a while."""
    found: Iterator[Any] = watchfiles.watch(
        *folders,
        watch_filter=_matters,
        raise_interrupt=False,
        yield_on_timeout=True,
        rust_timeout=OFTEN,
    )
    next(found)  # from the first on, all are seen
    return found


def _round(once: Callable[[], int]) -> int:
    """One time; what cannot be read is told, and may be there the next time."""
    try:
        return once()
    except click.ClickException as stop:
        stop.show()
        return stop.exit_code


def _matters(change: object, path: str) -> bool:
    """Whether a changed file is one that findings depend on."""
    return path.endswith(SUFFIXES) or Path(path).name == SETTINGS


def _folders(paths: Sequence[str], within: Terms) -> Iterator[Path]:
    """The folders whose files are looked at: those of the specs and of what they use."""
    for path in paths:
        folder = Path(path)
        yield folder if folder.is_dir() else folder.absolute().parent
    for file in specs_in(paths, []):
        root = root_of(file)
        if root is not None:
            yield from {used.parent for used in _used(file, root, within) if used.exists()}


def _used(file: str, root: Path, within: Terms) -> tuple[Path, ...]:
    """The files that a spec uses, as far as it can be read."""
    with suppress(Refused):
        source = source_of(file, within.limits.source_bytes)
        work = stages.run(stages.Work(source, root, terms=within), stages.STAGES[:1])
        return work.spec.used if work.spec is not None else ()
    return ()
