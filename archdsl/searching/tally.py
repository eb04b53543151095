"""Where a search stands: what has come of its trials so far, how fast, and until when."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from archdsl.searching.events import Again, Begun, Ended, Reported, Started
from archdsl.searching.found import best_of, front_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archdsl.searching.events import Event
    from archdsl.searching.records import Objective, Tried


class Tally:
    """Counts what a search tells of itself. It is an observer of the engine's events. ``designs``
    are as many as there are to try, None where that is not known.

    ``best`` is the best trial so far; ``states`` counts those that are over by how they ended;
    ``again`` those begun once more as their process died; ``begun`` says that the engine is ready.
    ``clock`` gives seconds.
    """

    def __init__(
        self,
        objectives: Sequence[Objective],
        clock: Callable[[], float] = time.monotonic,
        designs: int | None = None,
    ) -> None:
        self.designs = designs
        self.objectives = tuple(objectives)
        self.clock = clock
        self.states: Counter[str] = Counter()
        self.again = 0
        self.begun = False
        self.running: dict[int, int] = {}  # by number the epoch that was last reported
        self.front: tuple[Tried, ...] = ()
        self.best: Tried | None = None
        self.limit: int | None = None
        self.seconds: float | None = None
        self.workers = 1
        self._began = clock()
        self._known = 0

    def __call__(self, event: Event) -> None:
        if isinstance(event, Begun):
            self._begin(event)
        elif isinstance(event, Started):
            self.running[event.tried.number] = 0
        elif isinstance(event, Reported):
            self.running[event.number] = event.epoch
        elif isinstance(event, Again):
            self.again += 1
        elif isinstance(event, Ended):
            self.running.pop(event.tried.number, None)
            self._add([event.tried])

    def _begin(self, event: Begun) -> None:
        self._began, self.begun = self.clock(), True
        self.seconds, self.workers = event.seconds, event.workers
        limits = [limit for limit in (event.trials, self.designs) if limit is not None]
        self.limit = min(limits, default=None)
        self._known = len(event.known)
        self._add(event.known)

    def _add(self, ended: Sequence[Tried]) -> None:
        self.states.update(one.state for one in ended)
        complete = [one for one in ended if one.state == "complete"]
        if complete:
            self.front = front_of((*self.front, *complete), self.objectives)
            self.best = best_of(self.front, self.objectives)

    @property
    def over(self) -> int:
        """Trials that are over, those of earlier calls too."""
        return sum(self.states.values())

    @property
    def passed(self) -> float:
        """Seconds since this call began."""
        return self.clock() - self._began

    @property
    def rate(self) -> float | None:
        """Trials a second in this call; None before the first is over."""
        done = self.over - self._known
        return done / self.passed if done and self.passed > 0 else None

    @property
    def left(self) -> float | None:
        """Seconds until the search ends, as far as can be told by now."""
        ends = [] if self.seconds is None else [max(self.seconds - self.passed, 0.0)]
        if self.limit is not None and self.rate:
            ends.append(max(self.limit - self.over, 0) / self.rate)
        return min(ends, default=None)
