"""The database of a search: Optuna's, so that its samplers and its dashboard read it.

SQLite by default. Its transactions begin as those that write, so that none has to be given up when
two processes write at once; they wait for each other up to a minute. Where the folder lies on a
disk of this machine, a write-ahead log is kept: readers hinder nobody, and a commit does not wait
for the disk (:func:`synced` does, now and then). File systems of a network cannot share that log.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.runtime.extras import needed, needing
from archdsl.searching.run.turns import PATIENCE, DatabaseTurns, FileTurns, Turns
from archdsl.searching.troubles import UNUSABLE, storing, trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optuna.storages import RDBStorage

OF_NETWORKS = ("nfs", "cifs", "smb", "9p", "fuse", "afs", "lustre", "ceph", "gluster", "gpfs")
SQLITE = "sqlite"
DRIVERS = {"MySQLdb": "mysqlclient", "psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary"}


class Opened(NamedTuple):
    """A storage. ``turns`` are taken by whoever adds trials, ``shown`` is what it is called in
    messages: its URL without a password; ``path`` its file, of SQLite."""

    storage: RDBStorage
    turns: Turns
    shown: str
    path: Path | None = None

    def close(self) -> None:
        """Close its connections; what is asked of it later opens new ones."""
        self.storage.remove_session()
        self.storage.engine.dispose()
        self.turns.close()


def shown(url: str) -> str:
    """A URL without its password."""
    sqlalchemy = needed("sqlalchemy", "a search")
    with _valid(url):
        return str(sqlalchemy.engine.make_url(url).render_as_string(hide_password=True))


def open_storage(url: str) -> Opened:
    """The storage of a URL; its tables are made where they are not there, by one process at a time.

    Raises :class:`~archdsl.searching.troubles.SearchError` where that cannot be, and
    :class:`~archdsl.runtime.extras.MissingPackage`.
    """
    with needing("a search"):
        import optuna
        import sqlalchemy

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with _valid(url):
        parsed = sqlalchemy.engine.make_url(url)
    name = shown(url)
    with storing(name):
        if parsed.get_backend_name() == SQLITE:
            return _sqlite(url, Path(parsed.database or ""), name)
        with _driver(name):
            engine = sqlalchemy.create_engine(url, pool_pre_ping=True)
        turns = DatabaseTurns(engine, f"archdsl {parsed.database}")
        with turns.one():
            storage = optuna.storages.RDBStorage(url, engine_kwargs={"pool_pre_ping": True})
        return Opened(storage, turns, name)


@contextmanager
def _valid(url: str) -> Iterator[None]:
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    try:
        yield
    except (ArgumentError, NoSuchModuleError, ValueError):
        needed = "such as `postgresql://user@host/database`"
        raise trouble(UNUSABLE, "the storage is no URL of a database", needed=needed) from None


@contextmanager
def _driver(name: str) -> Iterator[None]:
    """A missing driver is told by its name."""
    try:
        yield
    except ModuleNotFoundError as error:
        message = f"the storage {name} needs {error.name}, which is not installed"
        package = DRIVERS.get(error.name or "", error.name)
        raise trouble(UNUSABLE, message, help=f"pip install '{package}'") from None


def _sqlite(url: str, path: Path, name: str) -> Opened:
    import optuna
    from sqlalchemy import event

    if not path.name or str(path) == ":memory:":
        message = "a search keeps its trials in a file or a database, not in memory"
        raise trouble(UNUSABLE, message, needed="such as `sqlite:///trials.db`")
    if not path.parent.is_dir():
        message = f"the storage {name} cannot be used: there is no folder {path.parent}"
        raise trouble(UNUSABLE, message, help="make the folder, or correct --storage")
    with_log = not is_on_network(path)

    def connected() -> sqlite3.Connection:
        # transactions begin as said below, not as sqlite3 thinks; SQLAlchemy keeps threads apart
        found = sqlite3.connect(path, PATIENCE, isolation_level=None, check_same_thread=False)
        if with_log:
            found.execute("PRAGMA journal_mode=WAL").fetchone()
            found.execute("PRAGMA synchronous=NORMAL")
        return found

    def begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    turns = FileTurns(path.with_name(f"{path.name}.lock"))
    with turns.one():
        storage = optuna.storages.RDBStorage(url, engine_kwargs={"creator": connected})
        event.listen(storage.engine, "begin", begun)
    return Opened(storage, turns, name, path)


def is_on_network(path: Path) -> bool:
    """Whether a file lies on a file system that several machines see, as far as can be told."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    place, best, kind = os.path.realpath(path), "", ""
    for line in mounts:
        _, mounted, fs, *_ = line.split(" ")
        root = mounted.encode().decode("unicode_escape").rstrip("/")
        if len(root) >= len(best) and (place == root or place.startswith(f"{root}/")):
            best, kind = root, fs
    return kind.startswith(OF_NETWORKS)


def synced(path: Path | None) -> None:
    """Wait until what was committed to a SQLite file is on the disk."""
    if path is None:
        return
    log = path.with_name(f"{path.name}-wal")
    with suppress(FileNotFoundError):
        handle = os.open(log, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def file_of(path: Path | None) -> tuple[int, int] | None:
    """Which file there is of a database, whatever it is called; None without one."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None
