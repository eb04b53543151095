"""What a search came to, as data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from archdsl.searching.fronts import as_losses, front

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from archdsl.searching.records import Objective, Tried
    from archdsl.searching.run.run import Run

ALL_TRIED = "trials"  # why a search ended: as many as were asked for
TIME = "time"
SPACE = "space"  # there are no more designs
INTERRUPTED = "interrupted"
ERROR = "error"  # what was told then
KILLED = "killed"  # its process ended before it could say why


class FailureGroup(NamedTuple):
    """Trials that failed for one reason."""

    kind: str
    reason: str
    trials: tuple[int, ...]
    log: str


@dataclass(frozen=True)
class Found:
    """What a search came to.

    ``trials`` by number, those of earlier calls too; ``ended`` says why: ``trials`` (as many as
    were asked for), ``time``, ``space`` (no designs are left) or ``interrupted``. ``rejected``
    counts by code the designs that were looked at and are not sound; they were not tried.
    ``moved`` and ``dropped`` are trials of another search that were taken over, or were not, by
    reason. ``spent`` are seconds of this call by what they went into: ``proposing``, ``storing``,
    ``starting`` workers.
    """

    folder: Path
    objectives: tuple[Objective, ...]
    trials: tuple[Tried, ...]
    ended: str = ""
    rejected: Mapping[str, int] = field(default_factory=dict)
    moved: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    spent: Mapping[str, float] = field(default_factory=dict)

    @property
    def complete(self) -> tuple[Tried, ...]:
        """The trials that have values and were evaluated to their end."""
        return tuple(tried for tried in self.trials if tried.state == "complete")

    @property
    def best(self) -> Tried | None:
        """The trial with the best value of the first objective (of several alike, the first of
        those that are in the front)."""
        return best_of(self.front, self.objectives)

    @property
    def front(self) -> tuple[Tried, ...]:
        """The trials that no other is better than in every objective, the first of those with the
        same values; by number."""
        return front_of(self.complete, self.objectives)

    @property
    def failures(self) -> tuple[FailureGroup, ...]:
        """The trials that failed by reason, the most frequent first."""
        return grouped(self.trials)


def front_of(trials: Sequence[Tried], objectives: Sequence[Objective]) -> tuple[Tried, ...]:
    """The Pareto front of trials with values, in their order; of equal ones the first."""
    losses = [losses_of(tried, objectives) for tried in trials]
    return tuple(trials[i] for i in front(losses))


def best_of(trials: Sequence[Tried], objectives: Sequence[Objective]) -> Tried | None:
    """The first trial with the best value of the first objective."""
    valued = [tried for tried in trials if tried.values]
    return min(valued, key=lambda tried: losses_of(tried, objectives)[0], default=None)


def losses_of(tried: Tried, objectives: Sequence[Objective]) -> tuple[float, ...]:
    """The values of a trial turned so that less is better in each."""
    return as_losses(tried.values or (), [one.direction for one in objectives])


def grouped(trials: Sequence[Tried]) -> tuple[FailureGroup, ...]:
    """Failed trials by kind and reason, the most frequent first."""
    groups: dict[tuple[str, str], list[Tried]] = {}
    for tried in trials:
        if tried.failure is not None:
            groups.setdefault((tried.failure.kind, tried.failure.reason), []).append(tried)
    found = [
        FailureGroup(kind, reason, tuple(t.number for t in some), _log(some))
        for (kind, reason), some in groups.items()
    ]
    return tuple(sorted(found, key=lambda group: -len(group.trials)))


def _log(trials: Sequence[Tried]) -> str:
    """The first log there is of some failed trials."""
    logs = (tried.failure.log for tried in trials if tried.failure)
    return next((log for log in logs if log), "")


def found_in(run: Run, ended: str = "", rejected: Mapping[str, int] | None = None) -> Found:
    """What a run has come to so far."""
    return Found(
        run.folder.path,
        run.settings.objectives,
        tuple(run.trials),
        ended,
        Counter(rejected or {}),
    )
