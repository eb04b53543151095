"""What a trial came to: its values in the order of the objectives, or why it has none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import SpecError, did_you_mean
from archdsl.searching.found import grouped
from archdsl.searching.objectives import Unreported
from archdsl.searching.records import Failure, State
from archdsl.searching.supervising.jobs import ROOMLESS, UNLOADED
from archdsl.searching.troubles import HOPELESS, NO_EVALUATOR, UNREPORTED, no_room, trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.searching.candidates import Candidates
    from archdsl.searching.plan import Plan
    from archdsl.searching.records import Tried
    from archdsl.searching.run.run import Run
    from archdsl.searching.supervising.jobs import Outcome

NAMED = "`module:function`, the module as Python would import it from here"
GAVE_SOMETHING = ("complete", "pruned")
ENOUGH = 10  # trials that failed, and none that did not, after which nothing is hoped for


class Verdict(NamedTuple):
    """How a trial ended."""

    state: State
    values: tuple[float, ...] | None = None
    failure: Failure | None = None


class Judge:
    """Makes values of what evaluators report."""

    def __init__(self, plan: Plan, candidates: Candidates, run: Run) -> None:
        self.objectives = plan.objectives
        self.candidates = candidates
        self.run = run

    def values(self, design: Mapping[str, Any], reported: Mapping[str, float]) -> tuple[float, ...]:
        """The values of a design of which something was reported. Raises
        :class:`~archdsl.searching.objectives.Unreported`, and SpecError for arithmetic that makes
        no sense."""
        evaluation = self.candidates.evaluation(design)
        program = self.candidates.judging.program
        return tuple(one.value(program, evaluation, reported) for one in self.objectives)

    def on_the_way(self, design: Mapping[str, Any], reported: Mapping[str, float]) -> float | None:
        """The value of the first objective that reads what is reported, as it stands after an
        epoch; None where that is not known."""
        evaluation = self.candidates.evaluation(design)
        for one in self.objectives:
            if one.reads:
                try:
                    return one.value(self.candidates.judging.program, evaluation, reported)
                except (Unreported, SpecError):
                    return None
        return None

    def _when_pruned(
        self, tried: Tried, curve: Mapping[int, Mapping[str, float]]
    ) -> tuple[float, ...] | None:
        """The values as they stood when a trial was stopped, where they are known."""
        try:
            return self.values(tried.design, curve[max(curve)]) if curve else None
        except (Unreported, SpecError):
            return None

    def verdict(
        self, tried: Tried, outcome: Outcome, curve: Mapping[int, Mapping[str, float]]
    ) -> Verdict:
        """How a trial ended. Raises :class:`~archdsl.searching.troubles.SearchError` where no
        trial could have a value."""
        failure = outcome.failure
        log = self.run.folder.tidied(tried.number)
        if failure is not None:
            if failure.kind == UNLOADED:
                raise trouble(NO_EVALUATOR, failure.reason, help=NAMED)
            if failure.kind == ROOMLESS:
                raise no_room(str(self.run.folder.of_trial(tried.number)), failure.reason)
            return Verdict("failed", failure=replace(failure, log=log))
        if outcome.is_pruned:
            return Verdict("pruned", self._when_pruned(tried, curve))
        verdict = self._valued(tried, outcome.metrics)
        if verdict.failure is not None:
            return verdict._replace(failure=replace(verdict.failure, log=log))
        return verdict

    def _valued(self, tried: Tried, metrics: Mapping[str, float]) -> Verdict:
        try:
            return Verdict("complete", self.values(tried.design, metrics))
        except Unreported as error:
            if error.name in metrics or error.reported is not None:
                reason = f"`{error.name}` is {error.reported}, no finite number"
                return Verdict("failed", failure=Failure("nan", reason))
            return Verdict("failed", failure=self._unreported(error.name, metrics))
        except SpecError as error:
            return Verdict("failed", failure=Failure("error", str(error)))

    def _unreported(self, name: str, metrics: Mapping[str, float]) -> Failure:
        """A trial without a value; an error where no trial had one."""
        known = ", ".join(f"`{known}`" for known in metrics) or "nothing"
        if any(tried.state == "complete" for tried in self.run.trials):
            return Failure("error", f"nothing reported `{name}`, only {known}")
        objective = next(one for one in self.objectives if name in one.reads)
        raise trouble(
            UNREPORTED,
            f"`{objective.direction} {objective.text}` has no value: what was reported is {known}",
            needed=f"a metric called `{name}`",
            help=did_you_mean(name, metrics),
        )

    def refuse_hopeless(self, trials: Sequence[Tried]) -> None:
        """Raise :class:`~archdsl.searching.troubles.SearchError` where every trial so far failed,
        and they are not few."""
        if len(trials) < ENOUGH or any(tried.state in GAVE_SOMETHING for tried in trials):
            return
        ended = [tried for tried in trials if tried.failed]
        if len(ended) < ENOUGH:
            return
        groups = grouped(ended)
        notes = tuple(f"{len(g.trials)} of them: {g.reason}" for g in groups[:3])
        log = groups[0].log
        again = "when the cause is gone, --retry-failed tries them again"
        help = f"see {self.run.folder.path / log}; {again}" if log else again
        raise trouble(HOPELESS, f"all of the first {len(ended)} trials failed", help, notes=notes)
