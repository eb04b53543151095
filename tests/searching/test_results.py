"""What a run came to, read from its folder; held against what the search itself says, and against
counting by hand."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

import pytest

import archdsl
from archdsl.api import judging_of, read
from archdsl.searching.candidates import Candidates
from archdsl.searching.objectives import goals_of
from archdsl.searching.records import Objective, Tried
from archdsl.searching.results.importance import importance_of
from archdsl.searching.results.results import volume_of
from archdsl.searching.troubles import SearchError
from tests.searching.searches import SPEC, search, searched, values
from tests.searching.test_runs import begun, wait_for_trials

if TYPE_CHECKING:
    from pathlib import Path

    from archdsl.searching.evaluators.trial import Trial
    from archdsl.searching.found import Found
    from archdsl.searching.results.results import Results

HERE = "tests.searching.evaluating"
TWO = SPEC.replace("  model", "  maximize accuracy\n  minimize params\n  model")
PATHS = ("depth", "stem.conv.channels", "body.residual.f.conv.kernel", "body.residual.f.choice")


def by_width(trial: Trial) -> dict[str, float]:
    """Wide stems and large kernels are better; test figures are a little worse."""
    value = trial.design[PATHS[1]] / 100 + trial.design[PATHS[2]] / 50
    if trial.number == 3:
        raise ValueError("the data are bad")
    return {"accuracy": value, "test_accuracy": value - 0.01, "loss": 1 - value}


def run_of(folder: Path, spec: str = TWO, evaluator: Any = by_width, **asked: Any) -> Found:
    candidates = Candidates(judging_of(read(spec), None))
    objectives = goals_of(candidates.judging.program)
    asked.setdefault("trials", 40)
    return searched(folder, evaluator, spec, objectives=objectives, **asked)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two objectives, with one trial that failed."""
    folder = tmp_path_factory.mktemp("two") / "run"
    run_of(folder)
    return folder


@pytest.fixture(scope="module")
def found(two: Path) -> Results:
    return archdsl.results(two)


def test_they_are_what_the_search_itself_said(tmp_path: Path) -> None:
    said = run_of(tmp_path / "run")
    found = archdsl.results(tmp_path / "run")
    assert values(found.trials) == values(said.trials)
    assert (found.best, found.front, found.failures) == (said.best, said.front, said.failures)
    assert (found.ended, found.is_running, found.arch, found.seed) == ("trials", False, "Small", 0)
    assert found.seconds > 0
    assert found.evaluator == "tests.searching.test_results:by_width"


def test_they_travel(found: Results) -> None:
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert again.importance == found.importance


def test_reading_changes_nothing_but_the_databases_own_files(two: Path) -> None:
    def kept() -> dict[str, bytes]:
        files = [p for p in two.rglob("*") if p.is_file() and not p.name.startswith("trials.db")]
        return {str(path): path.read_bytes() for path in files}

    before = kept()
    archdsl.results(two)
    assert kept() == before
    assert len(archdsl.results(two).trials) == 40


def test_a_folder_that_may_not_be_written_to_is_read_and_nothing_is_put_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_of(tmp_path / "run", trials=5)
    said = archdsl.results(tmp_path / "run")
    for name in ("trials.db.lock", "trials.db-wal", "trials.db-shm"):
        (tmp_path / "run" / name).unlink(missing_ok=True)

    def kept() -> dict[str, int]:  # what SQLite puts beside a database it reads, it can do without
        files = (p for p in (tmp_path / "run").iterdir() if not p.name.startswith("trials.db-"))
        return {path.name: path.stat().st_mtime_ns for path in files}

    before = kept()
    allowed = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: path != tmp_path / "run" and allowed(path, mode)
    )
    found = archdsl.results(tmp_path / "run")
    assert values(found.trials) == values(said.trials)
    assert kept() == before
    (tmp_path / "run" / "trials.db").write_bytes(b"something else entirely" * 100)
    with pytest.raises(SearchError, match=r"E913: .*not a database"):
        archdsl.results(tmp_path / "run")


def test_the_front_comes_first_and_then_what_only_it_beats(found: Results) -> None:
    def beats(one: Tried, other: Tried) -> bool:
        (a, p), (b, q) = one.values or (0, 0), other.values or (0, 0)
        return a >= b and p <= q and (a, p) != (b, q)

    left, fronts = list(found.complete), []
    while left:
        fronts.append({t.number for t in left if not any(beats(o, t) for o in left)})
        left = [tried for tried in left if tried.number not in fronts[-1]]
    ordered = [tried.number for tried in found.ordered]
    assert len(fronts) > 3
    for front in fronts:
        assert set(ordered[: len(front)]) == front
        ordered = ordered[len(front) :]


def test_the_hypervolume_is_that_of_counting_cells() -> None:
    objectives = (Objective("accuracy", "maximize"), Objective("params", "minimize"))
    random = Random(3)
    points = [(random.randrange(11), random.randrange(11)) for _ in range(12)]
    trials = [Tried(i, {}, str(i), "complete", p) for i, p in enumerate(points)]
    volume = volume_of(trials, objectives, (0.0, 10.0))
    cells = sum(
        any(a >= x + 1 and p <= y for a, p in points) for x, y in product(range(10), range(10))
    )
    box = max(a for a, _ in points) * (10 - min(p for _, p in points))
    assert volume is not None
    assert (volume.value, volume.share) == (cells, cells / box)


def test_the_reference_is_the_worst_that_was_seen(found: Results) -> None:
    assert found.volume is not None
    accuracy, params = zip(*(tried.values or () for tried in found.complete), strict=True)
    assert found.volume.reference == (min(accuracy), max(params))
    assert 0 < found.volume.share < 1


def test_test_figures_are_told_apart_from_those_the_search_saw(found: Results) -> None:
    assert found.tests == ("test_accuracy",)
    assert [found.title(one) for one in found.objectives] == ["validation accuracy", "params"]


def test_what_was_rejected_is_counted_over_all_calls(tmp_path: Path) -> None:
    text = SPEC.replace("depth = 1 to 3", "depth = 1 to 40").replace("residual(conv(", "(conv(")
    text = text.replace("(relu | gelu | silu)))", "relu)")
    counted = 0
    for trials in (6, 12):
        asked = search(tmp_path / "run", spec=text, trials=trials)
        counted += sum(asked.run().rejected.values())
    found = archdsl.results(tmp_path / "run")
    assert sum(found.rejected.values()) == counted > 0
    assert found.rejected.keys() == found.reasons.keys()
    assert all(found.reasons.values())


@pytest.mark.slow
def test_they_are_read_while_a_search_runs_and_after_it_was_killed(tmp_path: Path) -> None:
    process = begun(tmp_path / "run", trials=500)
    try:
        wait_for_trials(tmp_path / "run", 4)
        found = archdsl.results(tmp_path / "run")
        assert found.is_running
        assert found.ended == ""
        assert len(found.complete) >= 3
        wait_for_trials(tmp_path / "run", len(found.trials) + 2)  # it was not held up
    finally:
        process.kill()
        process.communicate()
    found = archdsl.results(tmp_path / "run")
    assert (found.is_running, found.ended) == (False, "killed")


def test_an_error_that_ended_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(SearchError):
        searched(tmp_path / "run", f"{HERE}:always_raising", trials=50)
    found = archdsl.results(tmp_path / "run")
    assert found.ended == "error"
    with pytest.raises(SearchError, match=r"E941: no trial of the run .* 10 failed"):
        found.refuse_unfinished()


def test_learning_curves_are_read_from_the_folder(tmp_path: Path) -> None:
    searched(tmp_path / "run", f"{HERE}:by_epoch", trials=3)
    found = archdsl.results(tmp_path / "run")
    assert found.reported == "accuracy"
    assert [one["loss"] for one in found.curve(1)] == [1.0, 0.5, 1 / 3]
    assert found.curve(99) == []


def imagined(count: int, seed: int, weights: tuple[float, ...]) -> list[Tried]:
    """Trials of four choices with three options, whose values are the options weighted."""
    random = Random(seed)
    found = []
    for number in range(count):
        design = {f"choice{i}": random.randrange(3) for i in range(4)}
        if design["choice0"] == 2:
            design["inner"] = random.randrange(3)
        value = sum(w * design[f"choice{i}"] for i, w in enumerate(weights)) + random.gauss(0, 0.1)
        found.append(Tried(number, design, str(number), "complete", (value,)))
    return found


def distributions() -> dict[str, str]:
    import optuna

    options = optuna.distributions.CategoricalDistribution([0, 1, 2])
    text = optuna.distributions.distribution_to_json(options)
    return dict.fromkeys(("choice0", "choice1", "choice2", "choice3", "inner"), text)


@pytest.mark.parametrize("direction", ["maximize", "minimize"])
def test_the_choice_that_makes_the_value_is_the_one_that_matters(direction: str) -> None:
    objective = Objective("accuracy", direction)
    trials = imagined(100, 0, (0, 3, 0, 0))
    (one,) = importance_of(trials, [objective], distributions())
    assert one.weights[0].path == "choice1"
    assert one.weights[0].above_chance
    assert sum(weight.share for weight in one.weights) == pytest.approx(1)
    made = {weight.path: weight.made for weight in one.weights}
    assert made["choice1"] == 100
    assert made["inner"] == sum("inner" in tried.design for tried in trials) < 100


def test_what_matters_by_chance_alone_stands_out_no_more_often_than_it_may() -> None:
    objective = Objective("accuracy", "maximize")
    found = [
        importance_of(imagined(60, seed, (0, 0, 0, 0)), [objective], distributions())
        for seed in range(20)
    ]
    above = sum(any(weight.above_chance for weight in one.weights) for (one,) in found)
    assert above <= 4  # one in twenty is expected; five or more come in 3 of 1,000 cases


def test_of_few_trials_nothing_is_said_of_importance() -> None:
    trials = imagined(19, 0, (0, 3, 0, 0))
    assert importance_of(trials, [Objective("accuracy", "maximize")], distributions()) == ()
    same = [Tried(t.number, t.design, t.key, "complete", (1.0,)) for t in imagined(50, 0, (0,) * 4)]
    assert importance_of(same, [Objective("accuracy", "maximize")], distributions()) == ()


def test_importance_is_optunas_own(found: Results, two: Path) -> None:
    import optuna

    url = f"sqlite:///{two}/trials.db"
    study = optuna.load_study(study_name=None, storage=url)
    evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=5 / 39)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with pytest.warns(UserWarning, match="low `target`"):
        theirs = optuna.importance.get_param_importances(
            study, evaluator=evaluator, target=lambda trial: -trial.values[0]
        )
    ours = {weight.path: weight.share for weight in found.importance[0].weights}
    assert ours == pytest.approx(theirs)
    assert ours.keys() == set(PATHS)


@pytest.mark.slow
def test_what_the_best_share_is_what_makes_them_good(tmp_path: Path) -> None:
    run_of(tmp_path / "run", SPEC.replace("  model", "  maximize accuracy\n  model"), trials=100)
    found = archdsl.results(tmp_path / "run")
    shared = found.shared
    assert list(shared.best) == [tried.number for tried in found.ordered[:10]]
    traits = {(one.path, one.option): one for one in shared.traits}
    wide = traits[PATHS[1], 40]
    assert wide.valid == pytest.approx(0.25)
    best = [found.trials[number].design[PATHS[1]] for number in shared.best]
    assert wide.best == best.count(40) / 10 > 0.7


def test_there_is_nothing_where_no_run_was_begun(tmp_path: Path) -> None:
    with pytest.raises(SearchError, match="E918"):
        archdsl.results(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SearchError, match="E918"):
        archdsl.results(tmp_path / "file")


def test_torch_and_the_other_extras_are_not_needed_to_read_a_run(two: Path) -> None:
    code = f"import sys, archdsl; archdsl.results({str(two)!r}).ordered; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "sklearn", "matplotlib"} & set(done.stdout.split())


def test_the_dashboard_of_optuna_shows_the_trials(two: Path, found: Results) -> None:
    dashboard = pytest.importorskip("optuna_dashboard")
    app = dashboard.wsgi(f"sqlite:///{two}/trials.db")

    def asked(path: str) -> Any:
        environ: dict[str, Any] = {"PATH_INFO": path}
        setup_testing_defaults(environ)
        status: list[str] = []
        body = b"".join(app(environ, lambda code, *rest: status.append(code)))
        assert status == ["200 OK"], (path, body)
        return json.loads(body)

    (study,) = asked("/api/studies")["study_summaries"]
    shown = asked(f"/api/studies/{study['study_id']}")
    assert shown["objective_names"] == ["accuracy", "params"]
    assert len(shown["trials"]) == 40
    for theirs, ours in zip(shown["trials"], found.trials, strict=True):
        assert theirs["state"] == ("Fail" if ours.failed else "Complete")
        assert theirs.get("values") == (list(ours.values) if ours.values else None)
        assert {one["name"] for one in theirs["params"]} == set(PATHS)
