"""The engine: what it tries, keeps, tells and refuses."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.api import judging_of, read
from archdsl.searching.candidates import Candidates
from archdsl.searching.events import Begun, Ended, Reported, Started
from archdsl.searching.objectives import Goal, goals_of
from archdsl.searching.run.opening import read_run
from archdsl.searching.troubles import SearchError
from tests.searching import evaluating
from tests.searching.searches import SIZE, SPEC, Seen, searched, values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HERE = "tests.searching.evaluating"


def test_it_tries_as_many_designs_as_asked_for_none_twice(tmp_path: Path) -> None:
    found = searched(tmp_path / "run", trials=30)
    assert found.ended == "trials"
    assert [trial.number for trial in found.trials] == list(range(30))
    assert len({trial.key for trial in found.trials}) == 30
    for trial in found.trials:
        assert trial.values == (evaluating.of(json.dumps(dict(trial.design))),)


@pytest.mark.slow
def test_it_ends_when_no_design_is_left(tmp_path: Path) -> None:
    found = searched(tmp_path / "run", trials=1000)
    assert found.ended == "space"
    assert len(found.trials) == len(found.complete) == SIZE


def test_the_best_is_the_trial_with_the_best_value(tmp_path: Path) -> None:
    found = searched(tmp_path / "run", trials=20)
    assert found.best is not None
    assert found.best.values == max(trial.values or () for trial in found.trials)
    assert found.front == (found.best,)
    fewest = searched(
        tmp_path / "other", trials=20, objectives=(Goal("accuracy", "minimize", ("accuracy",)),)
    )
    assert fewest.best is not None
    assert fewest.best.values == min(trial.values or () for trial in found.trials)


def test_computed_objectives_need_no_evaluator(tmp_path: Path) -> None:
    text = SPEC.replace("  model", "  minimize params\n  model")
    candidates = Candidates(judging_of(read(text), None))
    targets = goals_of(candidates.judging.program)
    found = searched(tmp_path / "run", None, text, trials=1000, objectives=targets)
    least = next(iter(candidates.space.best("params")))
    assert found.best is not None
    assert found.best.values == (candidates.computed(least.design, "params"),)


def test_a_front_holds_what_nothing_is_better_than_in_everything(tmp_path: Path) -> None:
    text = SPEC.replace("  model", "  maximize accuracy\n  minimize params\n  model")
    targets = goals_of(judging_of(read(text), None).program)
    found = searched(tmp_path / "run", spec=text, trials=40, objectives=targets)
    both = [trial.values for trial in found.trials if trial.values]
    front = {
        one for one in both if not any(b[0] >= one[0] and b[1] <= one[1] and b != one for b in both)
    }
    assert {trial.values for trial in found.front} == front
    assert 1 < len(front) < 40


def test_any_number_of_workers_tries_the_same(tmp_path: Path) -> None:
    alone = searched(tmp_path / "alone", trials=12)
    many = searched(tmp_path / "many", trials=12, workers=3, isolated=True)
    assert values(alone.trials) == values(many.trials)


def test_the_same_call_goes_on(tmp_path: Path) -> None:
    whole = searched(tmp_path / "whole", trials=20)
    searched(tmp_path / "run", trials=8)
    seen = Seen()
    found = searched(tmp_path / "run", trials=20, observer=seen)
    assert values(found.trials) == values(whole.trials)
    (begun,) = seen.of(Begun)
    assert values(begun.known) == values(whole.trials[:8])
    assert [event.tried.number for event in seen.of(Started)] == list(range(8, 20))
    again = Seen()
    assert searched(tmp_path / "run", trials=20, observer=again).ended == "trials"
    assert again.of(Started) == []


def test_what_happens_is_told_in_order(tmp_path: Path) -> None:
    seen = Seen()
    searched(tmp_path / "run", f"{HERE}:by_epoch", trials=2, observer=seen)
    kinds = [Begun, *[Started, *[Reported] * 3, Ended] * 2]
    assert [type(event) for event in seen.events] == kinds
    assert seen.of(Reported)[1].metrics["loss"] == 0.5


def test_starts_are_tried_first(tmp_path: Path) -> None:
    candidates = Candidates(judging_of(read(SPEC), None))
    starts = tuple(candidate for candidate, _ in zip(candidates.every(7), range(3), strict=False))
    found = searched(tmp_path / "run", trials=6, starts=starts)
    assert [trial.key for trial in found.trials[:3]] == [start.key for start in starts]
    assert len({trial.key for trial in found.trials}) == 6


class Half:
    """Stops every second trial after its first epoch."""

    def stops(self, number: int, epoch: int, curves: Mapping[int, Mapping[int, float]]) -> bool:
        assert epoch in curves[number]
        return number % 2 == 1


@pytest.mark.parametrize("isolated", [False, True])
def test_a_trial_may_be_stopped_early(tmp_path: Path, isolated: bool) -> None:
    found = searched(
        tmp_path / "run", f"{HERE}:by_epoch", trials=4, pruning=Half(), isolated=isolated
    )
    assert [trial.state for trial in found.trials] == ["complete", "pruned"] * 2
    stopped, whole = found.trials[1], found.trials[0]
    assert stopped.values == (evaluating.of(json.dumps(dict(stopped.design))) / 3,)
    folder = read_run(tmp_path / "run").folder
    assert [one["epoch"] for one in folder.curve(stopped.number)] == [1]
    assert [one["loss"] for one in folder.curve(whole.number)] == [1.0, 0.5, 1 / 3]


@pytest.mark.slow
def test_the_time_ends_it_and_more_of_it_goes_on(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"trials": 50, "options": {"seconds": 0.2}}
    found = searched(tmp_path / "run", f"{HERE}:slow", seconds=1.0, **asked)
    assert found.ended == "time"
    assert 1 < len(found.trials) < 10
    at_once = searched(tmp_path / "run", f"{HERE}:slow", seconds=1.0, **asked)
    assert at_once.ended == "time"
    assert len(at_once.trials) == len(found.trials)
    more = searched(tmp_path / "run", f"{HERE}:slow", seconds=2.0, **asked)
    assert len(more.trials) > len(found.trials)


def test_an_objective_that_nothing_reports_ends_it_after_the_first_trial(tmp_path: Path) -> None:
    with pytest.raises(SearchError, match="E915: `maximize accuracy` has no value") as caught:
        searched(tmp_path / "run", f"{HERE}:telling_something_else", trials=10)
    (finding,) = caught.value.diagnostics
    assert "`acuracy`, `loss`" in finding.message
    assert finding.help == "did you mean `acuracy`?"
    (trial,) = read_run(tmp_path / "run").trials
    assert trial.state == "running"  # given back: it runs again when the evaluator is mended


def test_a_search_of_which_every_trial_fails_ends(tmp_path: Path) -> None:
    with pytest.raises(SearchError, match="E916: all of the first 10 trials failed") as caught:
        searched(tmp_path / "run", f"{HERE}:always_raising", trials=50)
    (finding,) = caught.value.diagnostics
    assert "RuntimeError: design" in finding.notes[0]
    log, _, again = finding.help.removeprefix("see ").partition("; ")
    assert "--retry-failed" in again
    assert "is hopeless" in (tmp_path / log).read_text(encoding="utf-8")
    assert len(read_run(tmp_path / "run").trials) == 10


@pytest.mark.parametrize("isolated", [False, True])
@pytest.mark.parametrize(
    ("evaluator", "told"),
    [
        ("tests.searching.nowhere:f", "E917: there is no module `tests.searching.nowhere`"),
        (f"{HERE}:digset", "E917: `tests.searching.evaluating` has no `digset`"),
        ("tests.searching.failing_import:f", "E917: RuntimeError: this module does not load"),
        ("trainig", "E917: there is no evaluator called `trainig`"),
    ],
)
def test_an_evaluator_that_is_not_there_is_told(
    tmp_path: Path, evaluator: str, told: str, isolated: bool
) -> None:
    with pytest.raises(SearchError, match=told):
        searched(tmp_path / "run", evaluator, isolated=isolated)


def test_a_spec_without_a_sound_design_is_told(tmp_path: Path) -> None:
    text = SPEC.replace("  model", "  require params <= 10\n  model")
    with pytest.raises(SearchError, match="E919: there is no design to try"):
        searched(tmp_path / "run", spec=text)


def test_a_function_may_evaluate(tmp_path: Path) -> None:
    def by_depth(trial: Any) -> dict[str, float]:
        return {"accuracy": trial.design["depth"]}

    found = searched(tmp_path / "run", by_depth, trials=20, isolated=None)
    assert found.best is not None
    assert found.best.design["depth"] == 3


@pytest.mark.parametrize(
    ("isolated", "how"),
    [(False, signal.SIGINT), (True, signal.SIGINT), (True, signal.SIGTERM), (True, signal.SIGHUP)],
)
def test_an_interruption_stops_it_and_it_goes_on_later(
    tmp_path: Path, isolated: bool, how: int
) -> None:
    asked: dict[str, Any] = {
        "trials": 5,
        "options": {"supervisor": os.getpid(), "how": int(how)},
    }
    evaluator = f"{HERE}:interrupting"
    found = searched(tmp_path / "run", evaluator, isolated=isolated, **asked)
    assert found.ended == "interrupted"
    assert [trial.state for trial in found.trials] == ["complete", "complete", "running"]
    after = searched(tmp_path / "run", evaluator, isolated=isolated, **asked)
    assert after.ended == "trials"
    assert values(after.trials) == values(searched(tmp_path / "whole", trials=5).trials)
    assert after.trials[2].attempt == 1


def test_it_says_what_its_time_went_into(tmp_path: Path) -> None:
    found = searched(tmp_path / "run", trials=5)
    assert set(found.spent) == {"proposing", "storing", "starting"}
    assert all(seconds > 0 for seconds in found.spent.values())


def test_failures_are_grouped_by_reason(tmp_path: Path) -> None:
    found = searched(tmp_path / "run", f"{HERE}:raising", trials=40)
    (group,) = found.failures
    failed = [t.number for t in found.trials if t.failed]
    assert (group.kind, group.reason) == ("error", "ValueError: the data are bad")
    assert list(group.trials) == failed
    assert 3 < len(failed) < 30
    log = (tmp_path / "run" / group.log).read_text(encoding="utf-8")
    assert log.startswith("Traceback")
    assert "the data are bad" in log
