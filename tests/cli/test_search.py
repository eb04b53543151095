"""``archdsl search`` from the command line: what it finds, keeps and refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from archdsl.cli import exits
from archdsl.cli.group import archdsl

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

SPEC = """arch Small {
  data table(6, samples=100_000)
  task classify(2)
  train adam(batch=16, lr=0.01, epochs=2)
  require params <= 400
  maximize accuracy
  search random(trials=3)
  model = linear(8 | 16 | 24 | 32 | 40) -> (relu | gelu) -> linear(classes)
}
"""
EVALUATING = "tests.searching.evaluating:digest"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the commands run in: a spec, and data that a line parts in two."""
    (tmp_path / "small.arch").write_text(SPEC, encoding="utf-8")
    x = np.random.default_rng(0).normal(size=(120, 6))
    np.savez(tmp_path / "data.npz", X=x, y=(x[:, 0] > 0).astype(int))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _search(*arguments: str, spec: str = "small.arch", stdin: str | None = None) -> Result:
    return CliRunner().invoke(archdsl, ["search", spec, *arguments], input=stdin)


def _changed(folder: Path, old: str, new: str) -> str:
    assert old in SPEC
    (folder / "other.arch").write_text(SPEC.replace(old, new), encoding="utf-8")
    return "other.arch"


def test_designs_are_trained_and_the_best_is_left_as_a_spec_a_module_and_weights(folder: Path):
    ran = _search("--data", "data.npz", "--workers", "2")
    assert ran.exit_code == exits.CLEAN, ran.output
    run = folder / "small.run"
    left = {path.name for path in run.iterdir()}
    assert {"best.arch", "best.py", "best.safetensors", "run.json", "spec.arch"} <= left
    assert "the search never saw what test figures are of" in " ".join(ran.output.split())
    checked = CliRunner().invoke(archdsl, ["count", str(run / "best.arch")])
    assert checked.output.strip() == "1"


def test_the_end_of_a_search_is_the_page_of_its_results_and_the_files_left(folder: Path):
    ran = _search("--evaluator", EVALUATING, "--trials", "12")
    page = CliRunner().invoke(archdsl, ["results", "small.run"]).output.rstrip()
    told, left = ran.stdout.split("\n\nfiles of the best:\n")
    assert told == page
    assert {line.strip() for line in left.splitlines()} >= {"small.run/best.arch"}


def test_the_same_command_goes_on_and_more_trials_are_added(folder: Path):
    first = _search("--evaluator", EVALUATING, "--format", "json")
    again = _search("--evaluator", EVALUATING, "--format", "json", "--trials", "5")
    one, other = json.loads(first.stdout), json.loads(again.stdout)
    assert (one["trials"], other["trials"]) == (3, 5)
    assert "goes on after 3 trials" in again.stderr
    assert one["folder"] == other["folder"]


def test_the_same_seed_gives_the_same_trials_whatever_the_workers(folder: Path):
    found = []
    for run, workers in (("one", "1"), ("two", "2")):
        ran = _search("--evaluator", EVALUATING, "--workers", workers, "-o", run, "--seed", "7")
        assert ran.exit_code == exits.CLEAN, ran.output
        listed = CliRunner().invoke(archdsl, ["results", run, "--format", "json"])
        trials = json.loads(listed.stdout)["trials"]
        found.append(sorted(json.dumps(trial["design"]) for trial in trials))
    assert found[0] == found[1]


def test_a_search_ends_with_its_space_and_no_trial_misses_a_requirement(folder: Path):
    ran = _search("--evaluator", EVALUATING, "--trials", "50", "--format", "json")
    found = json.loads(ran.stdout)
    # 9 * w + 2 parameters: w of 8, 16, 24, 32 and 40 with two activations are all within 400
    assert (found["ended"], found["trials"]) == ("space", 10)


def test_objectives_that_follow_from_designs_need_no_training_and_give_a_front(folder: Path):
    other = _changed(folder, "maximize accuracy", "minimize params\n  maximize min_width + params")
    ran = _search("--trials", "50", spec=other)
    assert ran.exit_code == exits.CLEAN, ran.output
    assert "front of" in ran.stderr
    assert (folder / "other.run" / "front").is_dir()


@pytest.mark.slow
def test_a_score_without_training_is_an_objective_with_data_and_without(folder: Path):
    other = _changed(folder, "maximize accuracy", "maximize metric(synflow)")
    for given in ((), ("--data", "data.npz")):
        ran = _search(*given, "-o", f"run{len(given)}", spec=other)
        assert ran.exit_code == exits.CLEAN, ran.output
        assert "metric(synflow)" in ran.stdout


def test_how_long_it_will_take_is_told_and_nothing_kept(folder: Path):
    ran = _search("--evaluator", EVALUATING, "--dry-run")
    assert ran.exit_code == exits.CLEAN, ran.output
    assert "10 designs that meet every requirement" in ran.output
    assert "3 trials on 1 worker take about" in ran.output
    assert not (folder / "small.run").exists()


def test_how_long_it_will_take_is_told_of_a_training_that_warms_up(folder: Path):
    other = _changed(folder, "epochs=2", "epochs=4, warmup=1.5")
    ran = _search("--data", "data.npz", "--dry-run", spec=other)
    assert ran.exit_code == exits.CLEAN, ran.output
    assert "3 trials on 1 worker take about" in ran.output


def test_who_searches_for_a_pretrained_model_is_told_that_trials_begin_with_random_weights(
    folder: Path,
):
    other = _changed(folder, "samples=100_000", "samples=100_000, pretrained=true")
    trained = _search("--data", "data.npz", "--dry-run", spec=other)
    assert trained.exit_code == exits.CLEAN, trained.output
    assert "training begins with random weights: `archdsl train" in trained.stderr
    own = _search("--evaluator", EVALUATING, "--dry-run", spec=other)
    assert "random weights" not in own.stderr


def test_given_designs_are_tried_first(folder: Path):
    (folder / "design.json").write_text('{"linear.features": 24, "choice": "gelu"}')
    ran = _search("--evaluator", EVALUATING, "--design", "design.json", "--trials", "2")
    assert ran.exit_code == exits.CLEAN, ran.output
    listed = CliRunner().invoke(archdsl, ["results", "small.run", "--format", "json"])
    trials = {trial["number"]: trial["design"] for trial in json.loads(listed.stdout)["trials"]}
    assert trials[0] == {"linear.features": 24, "choice": "gelu"}


def test_the_best_designs_of_another_run_are_tried_first_where_they_are_sound(folder: Path):
    _search("--evaluator", EVALUATING, "-o", "old", "--trials", "10")
    listed = CliRunner().invoke(archdsl, ["results", "old", "--format", "json"])
    trials = json.loads(listed.stdout)["trials"]
    other = _changed(folder, "<= 400", "<= 300")  # w of 8, 16, 24 and 32
    ran = _search("--evaluator", EVALUATING, "--warm-start", "old", "-o", "new", spec=other)
    assert ran.exit_code == exits.CLEAN, ran.output
    again = CliRunner().invoke(archdsl, ["results", "new", "--format", "json"])
    warm = {one["number"]: one["design"] for one in json.loads(again.stdout)["trials"]}
    best = [one["design"] for one in trials if one["design"]["linear.features"] < 40]
    assert [warm[number] for number in range(3)] == best[:3]
    missing = _search("--evaluator", EVALUATING, "--warm-start", "nowhere", "-o", "third")
    assert missing.exit_code == exits.USAGE
    assert "E918" in missing.stderr


def test_no_design_that_meets_the_requirements_is_code_4_with_the_reason(folder: Path):
    ran = _search("--evaluator", EVALUATING, spec=_changed(folder, "<= 400", "<= 4"))
    assert ran.exit_code == exits.UNSATISFIABLE
    assert "`params <= 4` does not hold" in ran.stderr


def test_designs_that_all_break_a_principle_are_told_with_it(folder: Path):
    spec = SPEC.replace("samples=100_000", "samples=5").replace(", epochs=2", "")
    (folder / "other.arch").write_text(spec, encoding="utf-8")
    ran = _search("--evaluator", EVALUATING, spec="other.arch")
    assert ran.exit_code == exits.ERRORS
    assert "P501" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "there is nothing"),
        (("--data", "data.npz", "--evaluator", EVALUATING), 2, "one of the two"),
        (("--data", "nowhere.npz"), 2, "there is no data at nowhere.npz"),
        (("--data", "sklearn:digits"), 2, "sklearn:digits has 10 classes"),
        (("--evaluator", "no_module:f"), 2, "no module `no_module`"),
        (("--evaluator", "trainin"), 2, "did you mean `training`"),
        (("--evaluator", "tools/mine:f"), 2, "needed: `module:function`"),
        (("--evaluator", ":f"), 2, "needed: `module:function`"),
        (("--evaluator", EVALUATING, "--target", "y"), 2, "there are no data"),
        (("--evaluator", EVALUATING, "--cpus-per-trial", "2"), 2, "--ray"),
        (("--evaluator", "json:no_function"), 2, "has no `no_function`"),
        (("--evaluator", EVALUATING, "--strategy", "evolutoin"), 2, "did you mean `evolution`"),
        (("--evaluator", EVALUATING, "--trials", "0"), 2, "--trials"),
        (("--evaluator", EVALUATING, "--time", "soon"), 2, "is no time"),
        (("--evaluator", EVALUATING, "--trial-memory", "much"), 2, "is no size"),
        (("--evaluator", EVALUATING, "--design", "nofile.json"), 2, "nofile.json"),
    ],
)
def test_what_cannot_be_is_refused_with_words_and_nothing_is_left(
    folder: Path, arguments: tuple[str, ...], code: int, told: str
):
    before = set(folder.iterdir())
    ran = _search(*arguments)
    assert ran.exit_code == code, ran.output
    assert told in " ".join(ran.stderr.split())
    assert "Traceback" not in ran.output
    assert set(folder.iterdir()) - before <= {folder / "small.run"}


@pytest.mark.parametrize(
    ("metric", "code", "told"),
    [
        ("metric(acuracy)", "E923", "did you mean `accuracy`"),
        ("metric(test_accuracy)", "E924", "never"),
        ("acuracy", "E201", "acuracy"),
    ],
)
def test_objectives_that_nothing_reports_are_refused_before_training(
    folder: Path, metric: str, code: str, told: str
):
    other = _changed(folder, "maximize accuracy", f"maximize {metric}")
    ran = _search("--data", "data.npz", spec=other)
    assert ran.exit_code == exits.ERRORS
    assert code in ran.stderr
    assert told in " ".join(ran.stderr.split())


def test_an_evaluator_given_as_a_file_is_offered_as_its_module(folder: Path):
    (folder / "tools").mkdir()
    (folder / "tools" / "mine.py").write_text("def f(trial): ...\n", encoding="utf-8")
    ran = _search("--evaluator", "tools/mine.py:f")
    assert ran.exit_code == exits.USAGE
    assert "`tools.mine:f`" in ran.stderr


def test_a_changed_spec_is_refused_with_the_difference_unless_it_is_adapted(folder: Path):
    assert _search("--evaluator", EVALUATING, "-o", "run").exit_code == exits.CLEAN
    other = _changed(folder, "<= 400", "<= 390")
    refused = _search("--evaluator", EVALUATING, "-o", "run", spec=other)
    assert refused.exit_code == exits.USAGE
    assert "+  require params <= 390" in refused.stderr
    taken = _search("--evaluator", EVALUATING, "-o", "run", "--adapt", spec=other)
    assert taken.exit_code == exits.CLEAN, taken.output
    assert "taken over from the run before" in taken.output


def test_a_folder_of_something_else_is_not_written_into(folder: Path):
    (folder / "mine").mkdir()
    (folder / "mine" / "thesis.txt").write_text("all of it")
    ran = _search("--evaluator", EVALUATING, "-o", "mine")
    assert ran.exit_code == exits.USAGE
    assert [path.name for path in (folder / "mine").iterdir()] == ["thesis.txt"]


def test_a_spec_may_come_from_stdin(folder: Path):
    ran = _search("--evaluator", EVALUATING, spec="-", stdin=SPEC)
    assert ran.exit_code == exits.CLEAN, ran.output
    assert (folder / "search.run" / "best.arch").exists()


def test_what_an_evaluator_says_of_its_failure_cannot_act_on_the_terminal(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    (folder / "hostile.py").write_text("def f(trial):\n    raise ValueError('\\x1b[2J gone')\n")
    monkeypatch.syspath_prepend(str(folder))
    ran = _search("--evaluator", "hostile:f", "--trials", "1")
    assert ran.exit_code == exits.ERRORS
    assert "failed      1 (0): ValueError:" in ran.output
    assert "\x1b" not in ran.output


def test_trials_that_failed_are_tried_again_where_that_is_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    reads = "def f(trial):\n    return {'accuracy': float(open('value').read())}\n"
    (folder / "reading.py").write_text(reads)
    monkeypatch.syspath_prepend(str(folder))
    ran = _search("--evaluator", "reading:f", "--trials", "1")
    assert ran.exit_code == exits.ERRORS
    assert "With --retry-failed the same command tries them again" in ran.output
    (folder / "value").write_text("0.5")
    assert _search("--evaluator", "reading:f", "--trials", "1").exit_code == exits.ERRORS
    again = _search("--evaluator", "reading:f", "--trials", "1", "--retry-failed")
    assert again.exit_code == exits.CLEAN, again.output
    assert "best accuracy 0.5 (trial 0)" in again.output
    assert "--retry-failed" not in again.output
