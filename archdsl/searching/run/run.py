"""A run: the trials of one search as they are kept, whichever processes work on it.

Each trial is kept with its design, key, owner and attempt. It begins in one transaction and ends in
one; what ended stays as it is. A trial whose owner is gone is taken over by one of those who are
still there, exactly one: the owner is exchanged in the database, if it still is the one that was
seen.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.searching.records import Failure, State, Tried
from archdsl.searching.run.owners import Owner
from archdsl.searching.run.rows import COMPLETE, FAILED, PRUNED, RUNNING, Row, Rows, loaded
from archdsl.searching.run.sessions import (
    NONE_REJECTED,
    Pulse,
    Rejections,
    refuse_second,
    sessions,
    spent,
)
from archdsl.searching.run.storage import file_of
from archdsl.searching.troubles import UNUSABLE, storing, trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from archdsl.searching.candidates import Candidate
    from archdsl.searching.run.folder import Folder
    from archdsl.searching.run.params import Params
    from archdsl.searching.run.settings import Settings
    from archdsl.searching.run.storage import Opened

STATES: dict[str, State] = {
    RUNNING: "running",
    COMPLETE: "complete",
    FAILED: "failed",
    PRUNED: "pruned",
}
STORED = {state: name for name, state in STATES.items()}
OWNER = "owner"
ENDING = ("metrics", "seconds", "failure")  # attributes that say how a trial ended


class Holder(NamedTuple):
    """Who works on a trial: nobody, where it was given back. ``deaths`` counts the attempts whose
    process died of it, as far as can be told; ``is_inside``: it is evaluated in its owner's."""

    owner: Owner | None
    attempt: int = 1
    deaths: int = 0
    is_inside: bool = False

    def dumps(self) -> str:
        """As one line of JSON, always the same for the same holder."""
        kept = {**self._asdict(), "owner": self.owner._asdict() if self.owner else None}
        return json.dumps(kept, sort_keys=True)


def holder_of(text: str) -> Holder:
    """A holder as it was kept."""
    kept = json.loads(text)
    return Holder(**{**kept, "owner": Owner(**kept["owner"]) if kept["owner"] else None})


class Lost(NamedTuple):
    """A trial that nobody works on any more."""

    tried: Tried
    was: Holder


class Run:
    """The trials of a run, and this process's part in it."""

    def __init__(
        self, folder: Folder, settings: Settings, opened: Opened, rows: Rows, params: Params
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.rows = rows
        self.params = params
        self.trials: list[Tried] = []  # by number
        self.where = str(folder.path) if opened.path else opened.shown
        self.is_inside = False  # whether this process evaluates its trials itself
        self._opened = opened
        self._file = file_of(opened.path)
        self._pulse: Pulse | None = None
        self._last = -1  # the largest id of a trial that is known
        self._numbers: dict[int, int] = {}  # by id

    def join(
        self,
        asked: Mapping[str, Any],
        beside_others: bool,
        rejections: Rejections = NONE_REJECTED,
        is_alone: bool = False,
    ) -> None:
        """Begin to work on it. Raises :class:`~archdsl.searching.troubles.SearchError` where
        another search does, unless it is to be ``beside_others``; where this one has to be alone,
        for what it does, even then. What is counted in ``rejections`` is told now and then."""
        with self.turn():
            if is_alone or not beside_others:
                refuse_second(sessions(self.rows), self.where, others_may_stay=not is_alone)
            self._pulse = Pulse(self.rows, dict(asked), self._opened.path, rejections)
            self._pulse.start()
            self.sync()

    def leave(self, why: str = "") -> None:
        """Give back the trials that still run here, and work on it no longer; ``why`` that is."""
        try:
            with storing(self.where):
                for tried in self.mine() if self._pulse else ():
                    self.give_back(tried)
        finally:
            self._end(why)

    def _end(self, why: str) -> None:
        pulse, self._pulse = self._pulse, None
        try:
            with storing(self.where):
                if pulse is not None:
                    pulse.stop(why)
        finally:
            self.close()

    def close(self) -> None:
        """Close the connections to its storage; what is asked later opens new ones."""
        self._opened.close()

    @property
    def has_ended_trials(self) -> bool:
        """Whether anything came of any trial that is known."""
        return any(tried.state != "running" for tried in self.trials)

    def is_worked_on(self) -> bool:
        """Whether any search is at work on it."""
        try:
            with storing(self.where):
                return any(one.is_alive for one in sessions(self.rows))
        finally:
            self.close()

    @property
    def owner(self) -> Owner:
        """This process's part."""
        assert self._pulse is not None
        return self._pulse.owner

    def turn(self) -> AbstractContextManager[None]:
        """While it lasts, nobody else adds a trial."""
        return self._opened.turns.one()

    def seconds(self) -> float:
        """How long it has been worked on."""
        with storing(self.where):
            return spent(sessions(self.rows), time.time())

    def sync(self) -> None:
        """Learn what others have added and ended."""
        with storing(self.where):
            waiting = {t.id for t in self.trials if t.state == "running"}
            states = self.rows.states(self._last, waiting)
            news = {
                id: state
                for id, state in states.items()
                if id not in self._numbers or STATES[state] != self._of(id).state
            }
            if not news:
                return
            for row in self.rows.changed(self._last, [id for id in news if id <= self._last]):
                self._learn(row)

    def _of(self, id: int) -> Tried:
        return self.trials[self._numbers[id]]

    def _learn(self, row: Row) -> None:
        self._keep(tried_of(row))
        self._last = max(self._last, row.id)

    def _keep(self, tried: Tried) -> None:
        self._numbers[tried.id] = tried.number
        if tried.number == len(self.trials):
            self.trials.append(tried)
        else:
            self.trials[tried.number] = tried

    def begin(self, candidate: Candidate) -> Tried:
        """A new trial of a candidate; whoever begins one has its turn."""
        attributes = {
            "design": json.dumps(candidate.design, ensure_ascii=False),
            "key": json.dumps(candidate.key),
            OWNER: Holder(self.owner, is_inside=self.is_inside).dumps(),
        }
        self._refuse_lost()
        with storing(self.where):
            id, number = self.rows.add(self.params.of(candidate.design), attributes)
        tried = Tried(number, candidate.design, candidate.key, id=id)
        self._last = max(self._last, id)
        self._keep(tried)
        return tried

    def _refuse_lost(self) -> None:
        """Raise where the file of the database is gone: what is written would be lost with it."""
        if file_of(self._opened.path) != self._file:
            message = f"{self._opened.path} was removed or replaced while a search worked on it"
            raise trouble(UNUSABLE, message, help="the same command begins with what is there now")

    def add(self, tried: Tried) -> int:
        """A trial that ended elsewhere, as a new one of this run: its number here."""
        attributes = {
            "design": json.dumps(dict(tried.design), ensure_ascii=False),
            "key": json.dumps(tried.key),
            OWNER: Holder(self.owner, tried.attempt).dumps(),
        }
        with storing(self.where):
            id, number = self.rows.add(self.params.of(tried.design), attributes)
        self._last = max(self._last, id)
        self._keep(Tried(number, tried.design, tried.key, attempt=tried.attempt, id=id))
        failure = tried.failure
        if failure is not None and failure.log:
            failure = replace(failure, log=self.folder.told(self.folder.log(number)))
        self.end(number, tried.state, tried.values, tried.metrics, failure, tried.seconds)
        return number

    def end(
        self,
        number: int,
        state: State,
        values: Sequence[float] | None,
        metrics: Mapping[str, float],
        failure: Failure | None = None,
        seconds: float = 0.0,
    ) -> Tried:
        """Write how a trial ended. Where another process did so before, that holds."""
        known = self.trials[number]
        kept = tuple(values) if values is not None else None
        attributes = {"metrics": json.dumps(_kept(metrics)), "seconds": json.dumps(seconds)}
        if failure is not None:
            told = {"kind": failure.kind, "reason": failure.reason, "log": failure.log}
            attributes["failure"] = json.dumps(told, ensure_ascii=False)
        with storing(self.where):
            self._refuse_lost()
            if not self.rows.end(known.id, STORED[state], kept, attributes):
                self.sync()
                return self.trials[number]
        ended = Tried(
            number, known.design, known.key, state, kept, metrics, failure, seconds,
            known.attempt, known.id,
        )  # fmt: skip
        self._keep(ended)
        return ended

    def report(
        self, number: int, epoch: int, metrics: Mapping[str, float], value: float | None
    ) -> None:
        """Keep what a trial reported of an epoch, and the value that it comes to."""
        with storing(self.where):
            if value is not None:
                self.rows.report(self.trials[number].id, epoch, value)
            self.folder.add_to_curve(number, epoch, metrics)

    def curves(self) -> dict[int, dict[int, float]]:
        """The values that all trials reported, by number and epoch."""
        with storing(self.where):
            return self.rows.reported()

    def mine(self) -> list[Tried]:
        """The trials that run and are this process's."""
        waiting = {t.id for t in self.trials if t.state == "running"}
        return [
            tried_of(row)
            for row in (self.rows.changed(self._last, waiting) if waiting else [])
            if row.state == RUNNING and holder_of(row.attributes[OWNER]).owner == self.owner
        ]

    def lost(self) -> list[Lost]:
        """The trials that run and that nobody works on."""
        with storing(self.where):
            waiting = {t.id for t in self.trials if t.state == "running"}
            if not waiting:
                return []
            beats = {one.owner: one for one in sessions(self.rows)}
            found = []
            for row in self.rows.changed(self._last, waiting):
                holder = holder_of(row.attributes[OWNER])
                if row.state != RUNNING or holder.owner == self.owner:
                    continue
                session = beats.get(holder.owner) if holder.owner else None
                if session is None or not session.is_alive:
                    found.append(Lost(tried_of(row), holder))
            return found

    def take_over(self, lost: Lost) -> Tried | None:
        """Work on a trial that nobody works on; None where another process was quicker. Its
        attempt counts on, unless it was given back; and one whose owner died while it evaluated it
        may be what that died of."""
        was = lost.was
        died = was.owner is not None
        deaths = was.deaths + (died and was.is_inside)
        now = Holder(self.owner, was.attempt + died, deaths, self.is_inside)
        return self._hold(lost.tried, was, now)

    def try_again(self, tried: Tried, its_fault: bool) -> Tried | None:
        """Count another attempt of a trial of ours."""
        was = self._holder(tried)
        deaths = was.deaths + its_fault
        return self._hold(tried, was, Holder(self.owner, was.attempt + 1, deaths, self.is_inside))

    def retry_failed(self) -> list[Tried]:
        """Let all trials run again that failed, in whatever way: each is to be taken over by
        someone, and may die of its design as often as a new one. Gives them."""
        again = []
        with storing(self.where):
            for tried in self.trials:
                if not tried.failed:
                    continue
                holder = {OWNER: Holder(None, tried.attempt + 1).dumps()}
                if self.rows.reopen(tried.id, holder, ENDING):
                    kept = Tried(
                        tried.number,
                        tried.design,
                        tried.key,
                        attempt=tried.attempt + 1,
                        id=tried.id,
                    )
                    self._keep(kept)
                    again.append(kept)
        return again

    def deaths(self, tried: Tried) -> int:
        """How often a trial's process died of it."""
        return self._holder(tried).deaths

    def give_back(self, tried: Tried) -> None:
        """Leave a trial to whoever goes on with the run: this attempt does not count."""
        was = self._holder(tried)
        self._hold(tried, was, Holder(None, was.attempt, was.deaths, was.is_inside))

    def _holder(self, tried: Tried) -> Holder:
        with storing(self.where):
            (row,) = self.rows.changed(self._last, [tried.id])
            return holder_of(row.attributes[OWNER])

    def _hold(self, tried: Tried, was: Holder, now: Holder) -> Tried | None:
        with storing(self.where):
            if not self.rows.exchange(tried.id, OWNER, was.dumps(), now.dumps()):
                return None
        kept = Tried(tried.number, tried.design, tried.key, attempt=now.attempt, id=tried.id)
        self._keep(kept)
        return kept


def tried_of(row: Row) -> Tried:
    """A trial as it is stored."""
    kept = row.attributes
    failure = loaded(kept.get("failure"))
    return Tried(
        row.number,
        loaded(kept.get("design")) or {},
        loaded(kept.get("key")) or "",
        STATES[row.state],
        row.values,
        {name: float(value) for name, value in (loaded(kept.get("metrics")) or {}).items()},
        Failure(**failure) if failure else None,
        loaded(kept.get("seconds")) or 0.0,
        holder_of(kept[OWNER]).attempt if OWNER in kept else 1,
        row.id,
    )


def _kept(metrics: Mapping[str, float]) -> dict[str, Any]:
    """Metrics for JSON, which knows finite numbers alone."""
    return {name: value if math.isfinite(value) else str(value) for name, value in metrics.items()}
