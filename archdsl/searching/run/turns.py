"""Turns: one search at a time reads what there is and adds a trial to it, on however many machines.

A turn is given back when its process dies, whatever it dies of.
"""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from archdsl.runtime.extras import needed
from archdsl.searching.troubles import UNUSABLE, trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

PATIENCE = 60  # seconds that a turn is waited for


class Turns(Protocol):
    """Gives turns: ``with turns.one(): …``"""

    def one(self) -> AbstractContextManager[None]: ...

    def close(self) -> None:
        """Let go of what they are taken with."""


class FileTurns:
    """Turns of the searches on one machine, by a file that is locked."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        filelock = needed("filelock", "a search")
        self.path = path
        self.lock = filelock.FileLock(path, timeout=patience)
        self.busy: type[Exception] = filelock.Timeout

    @contextmanager
    def one(self) -> Iterator[None]:
        try:
            self.lock.acquire()
        except self.busy:
            raise waited(str(self.path), self.lock.timeout) from None
        try:
            yield
        finally:
            self.lock.release()

    def close(self) -> None:
        """There is nothing to let go of."""


class DatabaseTurns:
    """Turns of the searches on many machines, by an advisory lock of their database. ``name`` is
    what they take turns at."""

    TAKE: ClassVar = {
        "postgresql": "SELECT pg_advisory_lock(:number)",
        "mysql": "SELECT GET_LOCK(:name, 60)",
        "mariadb": "SELECT GET_LOCK(:name, 60)",
    }
    GIVE: ClassVar = {
        "postgresql": "SELECT pg_advisory_unlock(:number)",
        "mysql": "SELECT RELEASE_LOCK(:name)",
        "mariadb": "SELECT RELEASE_LOCK(:name)",
    }

    def __init__(self, engine: Any, name: str) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        if self.dialect not in self.TAKE:
            known = ", ".join(["sqlite", *self.TAKE])
            message = f"searches cannot share a database of {self.dialect}"
            raise trouble(UNUSABLE, message, needed=f"one of {known}")
        self.asked = (
            {"number": zlib.crc32(name.encode())}
            if self.dialect == "postgresql"
            else {"name": name[:64]}
        )

    @contextmanager
    def one(self) -> Iterator[None]:
        text = needed("sqlalchemy", "a search").text
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if self.dialect == "postgresql":
                connection.execute(text(f"SET lock_timeout = '{PATIENCE}s'"))
            got = connection.execute(text(self.TAKE[self.dialect]), self.asked).scalar()
            if self.dialect != "postgresql" and got != 1:
                raise waited("the database", PATIENCE)
            try:
                yield
            finally:
                connection.execute(text(self.GIVE[self.dialect]), self.asked)

    def close(self) -> None:
        self.engine.dispose()


def waited(where: str, seconds: float) -> Exception:
    """Another process has had its turn for too long."""
    return trouble(
        UNUSABLE,
        f"another process has held {where} for more than {seconds:.0f} s",
        help="end or continue that process: it may have been stopped",
    )
