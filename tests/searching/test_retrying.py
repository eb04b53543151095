"""Trials that failed are tried again where somebody asks for it, and only there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import optuna
import pytest

import archdsl
from archdsl.searching.run.opening import open_run, read_run
from archdsl.searching.troubles import HELD, SearchError
from tests.searching import evaluating
from tests.searching.searches import SPEC, search, searched, values

if TYPE_CHECKING:
    from pathlib import Path

TRIALS = 8
MENDED = "MENDED"


class Evaluator:
    """Fails for some designs until it is mended; counts whom it is asked of."""

    def __init__(self) -> None:
        self.is_mended = False
        self.asked: list[int] = []

    def __call__(self, trial: Any) -> dict[str, float]:
        self.asked.append(trial.number)
        if not self.is_mended:
            trial.report(1, {"accuracy": 0.0})
            return evaluating.raising(trial)
        trial.report(2, {"accuracy": 0.5})
        return evaluating.digest(trial)


def _failed(found: Any) -> list[int]:
    return [trial.number for trial in found.trials if trial.failed]


def _begun(folder: Path) -> tuple[Evaluator, list[int]]:
    """A run with failed trials, and those."""
    evaluator = Evaluator()
    failed = _failed(searched(folder, evaluator, trials=TRIALS))
    assert 0 < len(failed) < TRIALS
    evaluator.is_mended = True
    evaluator.asked.clear()
    return evaluator, failed


def test_failed_trials_alone_are_tried_again_when_asked_for(tmp_path: Path) -> None:
    evaluator, failed = _begun(tmp_path / "run")
    assert _failed(searched(tmp_path / "run", evaluator, trials=TRIALS)) == failed
    assert evaluator.asked == []
    found = searched(tmp_path / "run", evaluator, trials=TRIALS, retry_failed=True)
    assert evaluator.asked == failed
    whole = searched(tmp_path / "whole", evaluating.digest, trials=TRIALS)
    assert values(found.trials) == values(whole.trials)
    attempts = [2 if number in failed else 1 for number in range(TRIALS)]
    assert [trial.attempt for trial in found.trials] == attempts
    assert found.failures == ()
    assert read_run(tmp_path / "run").trials == list(found.trials)


def test_what_fails_again_has_failed_again(tmp_path: Path) -> None:
    evaluator, failed = _begun(tmp_path / "run")
    evaluator.is_mended = False
    found = searched(tmp_path / "run", evaluator, trials=TRIALS, retry_failed=True)
    assert (evaluator.asked, _failed(found)) == (failed, failed)
    assert {trial.attempt for trial in found.trials if trial.failed} == {2}


def test_nothing_is_left_of_the_failure_in_the_database(tmp_path: Path) -> None:
    evaluator, failed = _begun(tmp_path / "run")
    searched(tmp_path / "run", evaluator, trials=TRIALS, retry_failed=True)
    url = f"sqlite:///{tmp_path / 'run' / 'trials.db'}"
    (name,) = optuna.get_all_study_names(url)
    study = optuna.load_study(study_name=name, storage=url)
    assert {trial.state.name for trial in study.trials} == {"COMPLETE"}
    for trial in study.trials:
        assert "failure" not in trial.user_attrs
        assert set(trial.intermediate_values) == {2 if trial.number in failed else 1}


def test_an_interruption_leaves_the_rest_to_whoever_goes_on(tmp_path: Path) -> None:
    evaluator, failed = _begun(tmp_path / "run")

    def interrupted(trial: Any) -> dict[str, float]:
        raise KeyboardInterrupt

    stopped = searched(tmp_path / "run", interrupted, trials=TRIALS, retry_failed=True)
    assert stopped.ended == "interrupted"
    found = searched(tmp_path / "run", evaluator, trials=TRIALS)
    assert evaluator.asked == failed
    assert len(found.complete) == TRIALS


def test_they_stay_failed_when_there_is_no_time_left(tmp_path: Path) -> None:
    evaluator, failed = _begun(tmp_path / "run")
    asked: dict[str, Any] = {"trials": TRIALS, "seconds": 1e-6, "retry_failed": True}
    assert _failed(searched(tmp_path / "run", evaluator, **asked)) == failed


def crashing(trial: Any) -> dict[str, float]:
    """Kills its process, as long as a file of this name is not there."""
    if (trial.folder.parent / MENDED).exists():
        return evaluating.digest(trial)
    return evaluating.crashing(trial)


@pytest.mark.slow
def test_a_design_that_killed_its_worker_is_tried_no_more_unless_asked_for(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"trials": TRIALS, "isolated": True, "workers": 2}
    evaluator = "tests.searching.test_retrying:crashing"
    first = searched(tmp_path / "run", evaluator, **asked)
    failed = _failed(first)
    assert {first.trials[number].attempt for number in failed} == {2}
    (tmp_path / "run" / "trials" / MENDED).touch()
    assert _failed(searched(tmp_path / "run", evaluator, **asked)) == failed
    found = searched(tmp_path / "run", evaluator, **asked, retry_failed=True)
    assert _failed(found) == []
    assert {found.trials[number].attempt for number in failed} == {3}


def test_nobody_else_may_be_at_work_then(tmp_path: Path) -> None:
    evaluator, failed = _begun(tmp_path / "run")
    asked: dict[str, Any] = {"trials": TRIALS, "join": True}
    other = search(tmp_path / "run", evaluator, **asked)
    run = open_run(tmp_path / "run", other._settings(), other.candidates.choices).run
    run.join({}, beside_others=False)
    try:
        assert _failed(searched(tmp_path / "run", evaluator, **asked)) == failed
        with pytest.raises(SearchError, match="another search works on") as refused:
            searched(tmp_path / "run", evaluator, **asked, retry_failed=True)
        assert refused.value.code == HELD
        assert "--join" not in str(refused.value)
    finally:
        run.leave()


def test_python_asks_for_it_by_the_same_name(tmp_path: Path) -> None:
    evaluator = Evaluator()
    spec = SPEC.replace("task classify(10)", "task classify(10) maximize accuracy")
    asked: dict[str, Any] = {"strategy": "random", "trials": TRIALS, "run": tmp_path / "run"}
    failed = _failed(archdsl.search(spec, evaluator=evaluator, **asked))
    evaluator.is_mended = True
    found = archdsl.search(spec, evaluator=evaluator, **asked, retry_failed=True)
    assert failed
    assert _failed(found) == []
