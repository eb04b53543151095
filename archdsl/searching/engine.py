"""The engine: proposes designs, has them evaluated and keeps what comes of it, until it is enough.

One process, the supervisor, proposes and writes; workers evaluate and write nothing but their logs
and artefacts. What happens is told to an observer, so faces add nothing to it.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archdsl.resolve.loading import place_of
from archdsl.searching.evaluators.named import name_of
from archdsl.searching.events import Again, Begun, Ended, Event, Remarked, Reported, Started
from archdsl.searching.found import ALL_TRIED, ERROR, INTERRUPTED, SPACE, TIME, Found, found_in
from archdsl.searching.interrupting import Interruption
from archdsl.searching.judging import Judge
from archdsl.searching.pools import apart_of, pool_of
from archdsl.searching.records import Failure, Tried, objectives_of
from archdsl.searching.run.adapting import adapt, retire
from archdsl.searching.run.opening import open_run
from archdsl.searching.run.sessions import Rejections
from archdsl.searching.run.settings import Settings
from archdsl.searching.sharing import removed
from archdsl.searching.supervising.inside import Inside
from archdsl.searching.supervising.jobs import KILLERS, Job, Outcome
from archdsl.searching.supervising.processes import Processes
from archdsl.searching.supervising.rays import RayTasks
from archdsl.searching.troubles import NOTHING_TO_TRY, SearchError, storing, trouble

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    from archdsl.searching.candidates import Candidate, Candidates
    from archdsl.searching.evaluators.trial import Subject
    from archdsl.searching.plan import Plan
    from archdsl.searching.supervising.jobs import Pool

LOOK = 0.5  # seconds that are waited for workers at once
RESCUE = 10.0  # seconds between two looks for trials that nobody works on
LOSSES = 8  # times that a trial may be lost with its machine
PATIENCE = 600.0  # seconds that any trial may take
TIMES = 20  # as long as the longest so far may a trial take


class Search:
    """A search of one architecture, kept in a folder.

    ``run()`` begins it or goes on with it, and gives what it came to. Raises
    :class:`~archdsl.searching.troubles.SearchError`: E911 the folder's run is of another search,
    E912 another one works on it, E913 the storage cannot be used, E914 there is no room, E915
    nothing reports an objective, E916 every trial fails, E917 there is no such evaluator, E918 the
    folder holds something else, E919 there is no design to try.
    """

    def __init__(
        self,
        subject: Subject,
        candidates: Candidates,
        plan: Plan,
        folder: str | os.PathLike[str],
        observer: Callable[[Event], None] = lambda event: None,
    ) -> None:
        self.subject = subject
        self.candidates = candidates
        self.plan = plan
        self.path = folder
        self.tell = observer
        self.spent: dict[str, float] = defaultdict(float)
        self._again: deque[Tried] = deque()  # trials that wait to be tried once more
        self._running: dict[int, Tried] = {}
        self._reports: dict[int, dict[int, Mapping[str, float]]] = {}
        self._curves: dict[int, dict[int, float]] = {}  # the values of what was reported
        self._is_exhausted = False
        self._began = 0.0
        self._looked = 0.0
        self._longest = 0.0

    def run(self) -> Found:
        """Search until enough was tried, the time is up, no design is left, or an interruption
        (Ctrl-C), after which the same call goes on."""
        plan = self.plan
        self.strategy = plan.strategy(self.candidates)
        opened = open_run(
            self.path, self._settings(), self.candidates.choices, plan.storage, plan.adapt
        )
        run = self._run = opened.run
        counted = Rejections(self.candidates.rejected, self.candidates.reasons)
        ended = ERROR
        self._interruption = Interruption()
        try:
            asked = {"strategy": dict(plan.named), "workers": plan.workers}
            # others would not learn that a trial which failed runs again
            run.join(asked, plan.join, counted, is_alone=plan.retry_failed)
            self.judge = Judge(plan, self.candidates, run)
            adapted = adapt(opened.old, run, self.judge) if opened.old else None
            if opened.old:
                retire(opened.old, run)
            ended = self._search()
        finally:
            run.leave(ended)
            self._tidy()
            if opened.old:
                opened.old.close()
        found = found_in(run, ended, self.candidates.rejected)
        if adapted is not None and plan.adapt:
            found = replace(found, moved=adapted.moved, dropped=adapted.dropped)
        return replace(found, spent=dict(self.spent))

    def _tidy(self) -> None:
        """Remove what was kept for trials, where no other search works on the run."""
        with suppress(SearchError):
            if self.plan.shared is not None and not self._run.is_worked_on():
                removed(self._run.folder.path)

    def _settings(self) -> Settings:
        evaluator = self.plan.evaluator
        name = name_of(evaluator) or "a function" if callable(evaluator) else evaluator
        source, root = self.subject.source, self.subject.root
        return Settings(
            source.text,
            self.candidates.judging.program.name,
            objectives_of(self.plan.objectives),
            self.plan.seed,
            [name, self.plan.evaluated],
            dict(self.plan.named),
            root=str(root.absolute()) if root else "",
            file=str(place_of(source, root).absolute()) if root else "",
        )

    def _search(self) -> str:
        """Why it ended."""
        run, plan = self._run, self.plan
        self._began = time.monotonic() - run.seconds()
        self._pool: Pool = pool_of(plan, run.folder, self._heard)
        run.is_inside = not self._is_isolated
        if plan.retry_failed and not self._is_late():
            run.retry_failed()
        known = tuple(tried for tried in run.trials if tried.state != "running")
        self.tell(Begun(known, plan.trials, plan.seconds, self._pool.size))
        with self._interruption.heeded():
            try:
                return self._loop()
            except KeyboardInterrupt:
                return INTERRUPTED
            finally:
                self._pool.close()

    def _loop(self) -> str:
        self._rescue()
        while not self._interruption.came:
            if self._is_late():
                return TIME
            self._fill()
            if not self._running:
                self._rescue()
                if self._again:
                    continue
                return self._enough()
            self._hold_to_limits()
            for outcome in self._waited():
                self._settle(outcome)
            if time.monotonic() - self._looked > RESCUE:
                self._rescue()
        return INTERRUPTED

    def _waited(self) -> list[Outcome]:
        with self._interruption.raised_if(self._pool.size == 1 and not self._is_isolated):
            return self._pool.wait(self._until(LOOK))

    @property
    def _is_isolated(self) -> bool:
        return not isinstance(self._pool, Inside)

    def _enough(self) -> str:
        if not self._run.trials:
            raise self._nothing()
        return SPACE if self._is_exhausted else ALL_TRIED

    def _nothing(self) -> Exception:
        reasons = [
            f"{count:,} of them: {code} {self.candidates.reasons.get(code, '')}"
            for code, count in self.candidates.rejected.most_common(3)
        ]
        message = "there is no design to try: none that was drawn is sound"
        return trouble(NOTHING_TO_TRY, message, notes=tuple(reasons))

    def _is_late(self) -> bool:
        return self.plan.seconds is not None and self._until(0) < 0

    def _until(self, most: float) -> float:
        """Seconds to wait: so many, or fewer where the time is up earlier."""
        if self.plan.seconds is None:
            return most
        left = self.plan.seconds - (time.monotonic() - self._began)
        return min(most, max(left, 0.001)) if most else left

    def _rescue(self) -> None:
        """Take over the trials that nobody works on."""
        self._looked = time.monotonic()
        if self.plan.pruning:
            self._curves = self._run.curves()
        for lost in self._run.lost():
            tried = self._run.take_over(lost)
            if tried is None:
                continue
            deaths = self._run.deaths(tried) if self._run.is_inside else 0
            if deaths:
                self._suspected(tried, deaths)
            else:
                self._again.append(tried)

    def _suspected(self, tried: Tried, deaths: int) -> None:
        """A trial in which a search ended that evaluated it itself: it is tried again where it can
        do no harm, if it may be."""
        if deaths >= self.plan.attempts:
            reason = "the process of the search ended with it"
            self._running[tried.number] = tried
            self._settle(Outcome(tried.number, 0.0, failure=Failure("crash", reason)))
            return
        apart = apart_of(self.plan, self._run.folder, self._heard)
        if apart is None:
            self._again.append(tried)
            return
        outcomes: list[Outcome] = []
        try:
            self._start(tried, apart)
            while not outcomes and not self._interruption.came:
                outcomes = apart.wait(LOOK)
        finally:
            apart.close()
        for outcome in outcomes:
            self._settle(outcome)

    def _fill(self) -> None:
        """Give every worker that is free something to do."""
        while self._pool.room() > 0 and not self._interruption.came and not self._is_late():
            tried = self._again.popleft() if self._again else self._proposed()
            if tried is None:
                return
            self._start(tried, self._pool)

    def _proposed(self) -> Tried | None:
        """A new trial; None where there is to be none."""
        run = self._run
        if self._is_exhausted or self._is_counted():
            return None
        with run.turn():
            run.sync()
            if self._is_counted():
                return None
            with self._timed("proposing"):
                candidate = self._candidate()
            if candidate is None:
                self._is_exhausted = True
                return None
            with self._timed("storing"):
                return run.begin(candidate)

    def _is_counted(self) -> bool:
        return self.plan.trials is not None and len(self._run.trials) >= self.plan.trials

    def _candidate(self) -> Candidate | None:
        trials = self._run.trials
        if len(trials) < 2 * len(self.plan.starts):
            known = {tried.key for tried in trials}
            for start in self.plan.starts:
                if start.key not in known:
                    return start
        return self.strategy.propose(len(trials), trials)

    def _start(self, tried: Tried, pool: Pool) -> None:
        self._running[tried.number] = tried
        self.tell(Started(tried))
        name = self.plan.evaluator
        job = Job(
            tried.number,
            dict(tried.design),
            name if isinstance(name, str) else name_of(name) if name else "",
            self.subject,
            self.plan.seed,
            tried.attempt,
            self._run.folder.of_trial(tried.number).absolute(),
            self._options,
        )
        with self._timed("starting"):
            pool.start(job)

    @cached_property
    def _options(self) -> Mapping[str, Any]:
        """What trials get: the data too, prepared for all of them."""
        plan = self.plan
        if plan.shared is None:
            return plan.options
        with self._timed("preparing"):
            kept = plan.shared.kept(self._run.folder.path, lambda text: self.tell(Remarked(text)))
        return {**plan.options, **kept}

    def _heard(self, number: int, epoch: int, metrics: Mapping[str, float]) -> bool:
        """A trial has reported: whether it goes on."""
        self.tell(Reported(number, epoch, metrics))
        value = self.judge.on_the_way(self._running[number].design, metrics)
        with self._timed("storing"):
            self._run.report(number, epoch, metrics, value)
        self._reports.setdefault(number, {})[epoch] = metrics
        if value is None:
            return True
        self._curves.setdefault(number, {})[epoch] = value
        pruning = self.plan.pruning
        return pruning is None or not pruning.stops(number, epoch, self._curves)

    def _settle(self, outcome: Outcome) -> None:
        """Keep what came of a trial, or try it once more."""
        run, tried = self._run, self._running.pop(outcome.number)
        self._longest = max(self._longest, outcome.seconds)
        with storing(run.where):
            if outcome.details:
                run.folder.add_to_log(tried.number, outcome.details)
        failure = outcome.failure
        if failure is not None and outcome.may_go_on:
            again = self._once_more(tried, failure)
            if again is not None:
                self._again.append(again)
                self.tell(Again(again, failure.reason))
                return
        with self._timed("storing"):
            self._keep(tried, outcome)

    def _once_more(self, tried: Tried, failure: Failure) -> Tried | None:
        """Another attempt of a trial, if it may have one."""
        its_fault = failure.kind in KILLERS
        if its_fault and self._run.deaths(tried) + 1 >= self.plan.attempts:
            return None
        if not its_fault and tried.attempt > LOSSES:
            return None
        return self._run.try_again(tried, its_fault)

    def _keep(self, tried: Tried, outcome: Outcome) -> None:
        verdict = self.judge.verdict(tried, outcome, self._reports.get(tried.number, {}))
        ended = self._run.end(
            tried.number,
            verdict.state,
            verdict.values,
            outcome.metrics,
            verdict.failure,
            outcome.seconds,
        )
        self.tell(Ended(ended))
        self.judge.refuse_hopeless(self._run.trials)

    def _hold_to_limits(self) -> None:
        if isinstance(self._pool, (Processes, RayTasks)) and self.plan.trial_seconds is None:
            seconds = max(PATIENCE, TIMES * self._longest)
            self._pool.limits = self._pool.limits._replace(seconds=seconds)

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.spent[what] += time.perf_counter() - began
