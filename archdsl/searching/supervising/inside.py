"""Jobs done in this process, one after the other: for evaluators that take less than it takes to
start a process (about 20 ms), such as a look into a table.

Nothing stands between an evaluator and the search then: no limits hold, and what kills the process
ends the search, which goes on when it is asked for again.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from archdsl.searching.supervising.jobs import Job, Outcome, evaluated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.searching.evaluators.named import Evaluator
    from archdsl.searching.supervising.jobs import Heard


class Inside:
    """Does jobs when they are waited for."""

    size = 1

    def __init__(self, evaluator: Evaluator | str, heard: Heard) -> None:
        self.evaluator = evaluator
        self.heard = heard
        self.waiting: deque[Job] = deque()

    def room(self) -> int:
        return self.size - len(self.waiting)

    def start(self, job: Job) -> None:
        self.waiting.append(job)

    def wait(self, seconds: float) -> list[Outcome]:
        if not self.waiting:
            return []
        job = self.waiting.popleft()

        def report(epoch: int, metrics: Mapping[str, float]) -> bool:
            return self.heard(job.number, epoch, metrics)

        began = time.perf_counter()
        found = evaluated(job.trial(report), self.evaluator)
        return [Outcome(job.number, time.perf_counter() - began, *found)]

    def close(self) -> None:
        self.waiting.clear()
