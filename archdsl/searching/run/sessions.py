"""Sessions: the searches that work, or have worked, on one run. Each tells now and then that it
lives, so that a second one is refused, and so that the time of all together is known."""

from __future__ import annotations

import threading
import time
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.searching.run.owners import Owner, lost, this_process
from archdsl.searching.run.storage import synced
from archdsl.searching.troubles import HELD, trouble

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archdsl.searching.run.rows import Rows

PREFIX = "archdsl session "  # of the study's attributes
BEAT = 5.0  # seconds between signs of life
_HERE: set[str] = set()  # those of this process that are not over


class Session(NamedTuple):
    """A search on a run: whose it is, from when to when it was seen (seconds since the epoch), and
    how it was asked to work. ``why`` it ended; empty while it works, and where it was killed.
    ``rejected`` counts by code the designs that it did not try, ``reasons`` says of each why."""

    owner: Owner
    began: float
    beat: float
    ended: bool = False
    asked: dict[str, Any] | None = None
    why: str = ""
    rejected: dict[str, int] = {}  # noqa: RUF012 -- never changed
    reasons: dict[str, str] = {}  # noqa: RUF012 -- never changed

    @property
    def is_alive(self) -> bool:
        """Whether it still works, as far as can be seen from here."""
        if self.ended or lost(self.owner, self.beat):
            return False
        is_ours = self.owner == this_process(self.owner.session)
        return not is_ours or self.owner.session in _HERE  # one may have ended without a word

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {**self._asdict(), "owner": self.owner._asdict()}


def sessions(rows: Rows) -> list[Session]:
    """All of a run, in the order they began."""
    found = [
        Session(**{**kept, "owner": Owner(**kept["owner"])})
        for key, kept in rows.study_attributes().items()
        if key.startswith(PREFIX)
    ]
    return sorted(found, key=lambda session: session.began)


def spent(all: list[Session], now: float | None = None) -> float:
    """Seconds in which at least one of them worked."""
    total, until = 0.0, 0.0
    for one in all:
        end = now if now is not None and one.is_alive else one.beat
        total += max(0.0, end - max(one.began, until))
        until = max(until, end)
    return total


def refuse_second(all: list[Session], where: str, others_may_stay: bool) -> None:
    """Raise :class:`~archdsl.searching.troubles.SearchError` where another search is at work."""
    holder = next((one for one in all if one.is_alive), None)
    if holder is not None:
        raise trouble(
            HELD,
            f"another search works on {where}: {holder.owner}",
            help=f"wait for it, or end it (kill {holder.owner.pid})"
            + (", or work beside it with --join" if others_may_stay else ""),
        )


class Rejections(NamedTuple):
    """Designs that are not sound, as they are counted while a search works: how many by code, and
    why one of each was."""

    rejected: Mapping[str, int]
    reasons: Mapping[str, str]


NONE_REJECTED = Rejections({}, {})


class Pulse:
    """This search's session, told of from a thread of its own until it is over."""

    def __init__(
        self, rows: Rows, asked: dict[str, Any], file: Path | None, rejections: Rejections
    ) -> None:
        self.rows = rows
        self.rejections = rejections
        self.file = file
        name = uuid.uuid4().hex[:12]
        now = time.time()
        self.session = Session(this_process(name), now, now, asked=asked)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="archdsl pulse", daemon=True)

    @property
    def owner(self) -> Owner:
        return self.session.owner

    def start(self) -> None:
        """Tell of it from now on."""
        _HERE.add(self.owner.session)
        self._tell()
        self._thread.start()

    def stop(self, why: str = "") -> None:
        """Tell that it is over, and why."""
        _HERE.discard(self.owner.session)
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self.session = self.session._replace(ended=True, why=why)
        self._tell()
        synced(self.file)

    def _tell(self) -> None:
        told = self.rejections
        self.session = self.session._replace(
            beat=time.time(), rejected=dict(told.rejected), reasons=dict(told.reasons)
        )
        self.rows.set_study_attribute(PREFIX + self.owner.session, self.session.kept())

    def _run(self) -> None:
        while not self._over.wait(BEAT):
            try:
                self._tell()
                synced(self.file)
            except Exception:  # what fails here is told where trials are written
                continue
