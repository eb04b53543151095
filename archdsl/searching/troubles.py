"""Why a search cannot begin or go on: errors with a code, and with a way out."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator

CHANGED = "E911"
HELD = "E912"
UNUSABLE = "E913"
FULL = "E914"
UNREPORTED = "E915"
HOPELESS = "E916"
NO_EVALUATOR = "E917"
NO_RUN = "E918"
NOTHING_TO_TRY = "E919"
NO_STRATEGY = "E920"
UNSUITABLE = "E921"
UNTRAINED = "E922"
UNKNOWN_METRIC = "E923"
OF_THE_TEST = "E924"
NO_CLUSTER = "E931"
NO_DEVICE = "E932"
UNFINISHED = "E941"
INCOMPARABLE = "E942"
UNWRITABLE = "E943"

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_WORDS = ("disk is full", "disk I/O error", "No space left", "File too large", "disk full")
BUSY_WORDS = ("database is locked", "lock timeout", "could not obtain lock")


class SearchError(SpecError):
    """A search cannot begin or go on; ``code`` is that of its first finding."""

    @property
    def code(self) -> str:
        """Such as ``E912``: what programs tell errors apart by."""
        return self.diagnostics[0].code


def trouble(
    code: str, message: str, help: str = "", needed: str = "", notes: tuple[str, ...] = ()
) -> SearchError:
    """An error of a search that has no place in its spec."""
    return SearchError(Diagnostic(code, message, needed=needed, help=help, notes=notes))


@contextmanager
def storing(where: str) -> Iterator[None]:
    """What goes wrong in a storage inside becomes a :class:`SearchError`; ``where`` names it."""
    try:
        yield
    except SearchError:
        raise
    except OSError as error:
        raise _of_file(where, error) from error
    except Exception as error:
        raise _of_database(where, error) from error


def _of_file(where: str, error: OSError) -> SearchError:
    if error.errno in NO_ROOM:
        return no_room(where, (error.strerror or "no space left").lower())
    reason = (error.strerror or type(error).__name__).lower()
    return trouble(UNUSABLE, f"the storage {where} cannot be used: {reason}", help=_elsewhere())


def _of_database(where: str, error: Exception) -> Exception:
    """What a database said, as an error of ours; anything else is left as it is."""
    from optuna.exceptions import OptunaError
    from sqlalchemy.exc import SQLAlchemyError

    if not isinstance(error, (OptunaError, SQLAlchemyError, ImportError)):
        return error
    said = _innermost(error)
    if any(word in said for word in FULL_WORDS):
        return no_room(where, said)
    if any(word in said for word in BUSY_WORDS):
        help = "see which process holds it; SQLite is for one machine, PostgreSQL for many"
        return trouble(UNUSABLE, f"the storage {where} was locked for too long: {said}", help=help)
    return trouble(UNUSABLE, f"the storage {where} cannot be used: {said}", help=_elsewhere())


def _innermost(error: BaseException) -> str:
    """The first line of what began it."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _elsewhere() -> str:
    return "give another folder (-o), or a storage such as `postgresql://user@host/database`"


def no_room(where: str, reason: str) -> SearchError:
    """There is no space for what a search has to keep."""
    return trouble(
        FULL,
        f"{where} cannot be written: {reason}",
        help="make room, then give the same command again: it goes on with what was kept",
    )
