"""archdsl baselines: the model beside simpler ones."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path

import numpy as np
import pytest

from archdsl.runtime.live.baselines import BaselineComparison, Scored
from archdsl.runtime.live.ladder import Budget, flat, in_columns
from archdsl.types import Category, Inputs, Tokens, Vector


def _compared(model, best, spread=0.0):
    def scored(name, error):
        return Scored(name, (error - spread, error + spread), (0.0, 0.0), 1.0, False)

    baselines = (scored("worst", 9.0), scored("best", best))
    return BaselineComparison(
        scored("it", model), baselines, Budget(1, 1, 1), 8, 2, "RMSE", "R²", False
    )


def test_five_percent_less_error_is_not_yet_enough():
    assert not _compared(0.95, 1.0).beats
    assert _compared(0.94, 1.0).beats
    assert _compared(0.94, 1.0).best.name == "best"
    assert not _compared(0.0, 0.0).beats


def test_of_no_error_there_is_no_share_to_save():
    assert _compared(0.5, 0.0).gain is None
    assert _compared(0.0, 0.0).gain is None
    assert _compared(inf, 1.0).gain is None


def test_one_seed_tells_nothing_of_chance():
    one = _compared(1.0, 1.0)
    alone = one.model._replace(errors=(1.0,))
    assert not one._replace(model=alone).is_within_chance


def test_what_the_seeds_could_have_done_is_said():
    assert _compared(0.9, 1.0, spread=0.11).is_within_chance
    assert not _compared(0.9, 1.0, spread=0.09).is_within_chance


def test_digits_are_compared_and_judged(run):
    result = run("baselines", "image.arch", "--data", "sklearn:digits", "--seeds", "1")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == (
        "Small on sklearn:digits: learns from 1,438 samples, tested on 359; 1 seed, at most "
        "15 epochs and 20 s each."
    )
    names = [line.split("  ")[0] for line in lines[3:7]]
    assert names == ["the commonest class", "logistic regression", "small MLP (64)", "Small"]
    assert "beat" in lines[8]
    assert "error rate" in lines[8]
    assert result.stderr.splitlines()[-1] == "training Small"


@pytest.mark.slow
def test_tables_are_held_to_gradient_boosting_too(run):
    arguments = ("--data", "sklearn:digits", "--seeds", "2", "--seconds", "1", "--format", "json")
    document = json.loads(run("baselines", "table.arch", *arguments).stdout)
    errors = {row["name"]: row["error"] for row in document["baselines"]}
    assert list(errors)[-1] == "gradient boosting"
    assert errors["the commonest class"] == pytest.approx(0.9, abs=0.01)
    assert errors["logistic regression"] < 0.06
    assert len(document["model"]["errors"]) == 2
    assert document["gain"] == pytest.approx(1 - document["model"]["error"] / min(errors.values()))


def test_numbers_are_held_to_ridge(run):
    arguments = ("--data", "sklearn:diabetes", "--seeds", "1", "--format", "json")
    document = json.loads(run("baselines", "numbers.arch", *arguments).stdout)
    errors = {row["name"]: row["error"] for row in document["baselines"]}
    assert document["metric"] == "RMSE"
    assert errors["the mean"] == pytest.approx(1.0, abs=0.2)
    assert errors["ridge regression"] < 0.85


def test_a_model_that_diverges_is_told_so(run, folder):
    (folder / "wild.arch").write_text(
        "arch Wild { data table(2) task regress(1) train sgd(lr=1000, epochs=9)\n"
        'allow learning_rate_out_of_range because "it shall diverge"\n'
        "model = linear(8) -> relu -> linear(targets) }"
    )
    x = np.random.default_rng(0).normal(size=(60, 2))
    np.savez(folder / "d.npz", X=x, y=x[:, 0])
    arguments = ("baselines", "wild.arch", "--data", "d.npz", "--seeds", "2")
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    assert "Wild diverged in training: it does not beat the best baseline" in result.stdout
    document = json.loads(run(*arguments, "--format", "json").stdout)
    assert (document["model"]["error"], document["gain"]) == (None, None)
    assert not document["beats"]


def test_a_model_learns_in_batches_of_one(run, folder):
    (folder / "one.arch").write_text(
        "arch One { data table(4) task classify(3) train sgd(batch=1, lr=0.1, epochs=4)\n"
        "model = linear(classes) }"
    )
    arguments = (
        "baselines",
        "one.arch",
        "--data",
        "sklearn:iris",
        "--seeds",
        "1",
        "--format",
        "json",
    )
    assert json.loads(run(*arguments).stdout)["model"]["error"] < 0.2


def test_the_same_seed_gives_the_same_numbers(run):
    arguments = ("--data", "sklearn:wine", "--seeds", "2", "--format", "json")
    spec = "arch Wines { data table(13) task classify(3) train adam(epochs=3)"
    Path("wines.arch").write_text(f"{spec}\nmodel = linear(8) -> relu -> linear(classes) }}")
    first, second = (json.loads(run("baselines", "wines.arch", *arguments).stdout) for _ in "12")
    assert first["model"]["errors"] == second["model"]["errors"]
    assert [b["errors"] for b in first["baselines"]] == [b["errors"] for b in second["baselines"]]


def test_series_with_several_targets_are_trained(run, folder):
    x = np.random.default_rng(0).normal(size=(60, 6, 4))
    np.savez(folder / "d.npz", X=x, y=x[:, -1, :2])
    result = run("baselines", "steps.arch", "--data", "d.npz", "--seeds", "1")
    assert result.exit_code == 0, result.stderr
    assert "RMSE" in result.stdout


def test_texts_are_held_to_counted_words(run, folder):
    (folder / "texts.arch").write_text(
        "arch Texts { data tokens(8, vocab=20) task classify(1) train adam(epochs=2)\n"
        "model = embedding(4) -> global_avg_pool -> linear(classes) }"
    )
    x = np.random.default_rng(0).integers(20, size=(80, 8))
    np.savez(folder / "d.npz", X=x, y=(x == 3).any(1))
    result = run("baselines", "texts.arch", "--data", "d.npz", "--seeds", "1")
    assert result.exit_code == 0, result.stderr


HEADS = """arch Heads {
  data table(4)
  task mask = regress(1, weight=0.5)
  task age = regress(2)
  task tags = label(2)
  train adam(batch=32, epochs=2)
  model {
    let trunk = linear(8) -> relu
    return trunk -> linear(mask.targets), trunk -> linear(age.targets), trunk -> linear(2)
  }
}
"""
ALONE = "arch A { data table(4) task TASK train adam(batch=32, epochs=2) model = linear(2) }"
QUICK = ("--seeds", "1", "--seconds", "0.05", "--format", "json")
LINEAR = ("the mean", "ridge regression", "the commonest answer to each")


def _linear_errors(told):
    return {row["name"]: row["error"] for row in told["baselines"] if row["name"] in LINEAR}


def test_each_of_several_tasks_has_the_baselines_that_it_has_alone(run, folder):
    x = np.random.default_rng(0).normal(size=(80, 4))
    given = {"mask": x[:, 3], "age": x[:, 1:3] ** 2 + x[:, :2], "tags": (x[:, :2] > 0).astype(int)}
    np.savez(folder / "d.npz", X=x, **given)
    (folder / "heads.arch").write_text(HEADS)
    result = run("baselines", "heads.arch", "--data", "d.npz", *QUICK)
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)["tasks"]
    assert list(told) == ["mask", "age", "tags"]
    for name, task in {"age": "regress(2)", "tags": "label(2)"}.items():
        np.savez(folder / "one.npz", X=x, y=given[name])
        (folder / "one.arch").write_text(ALONE.replace("TASK", task))
        alone = json.loads(run("baselines", "one.arch", "--data", "one.npz", *QUICK).stdout)
        assert told[name]["metric"] == alone["metric"]
        assert _linear_errors(told[name]) == _linear_errors(alone) != {}


def test_tasks_with_an_answer_for_each_position_have_no_baselines(run, folder):
    (folder / "both.arch").write_text(
        "arch Both { data image(1, 4, 4) task mask = classify(2, per=pixel) task kind = classify(3)"
        " train adam(epochs=1) model { let body = conv(4, 3) -> relu return body -> conv(2, 1),"
        " body -> global_avg_pool -> linear(kind.classes) } }"
    )
    x = np.random.default_rng(0).normal(size=(60, 1, 4, 4))
    np.savez(folder / "d.npz", X=x, mask=x[:, 0] > 0, kind=np.arange(60) % 3)
    result = run("baselines", "both.arch", "--data", "d.npz", *QUICK[:4])
    assert result.exit_code == 0, result.stderr
    assert [line.split()[0] for line in result.stdout.splitlines() if "seconds" in line] == ["kind"]
    text = (
        (folder / "both.arch")
        .read_text()
        .replace("kind = classify(3)", "k = regress(1, per=pixel)")
    )
    (folder / "both.arch").write_text(
        text.replace("global_avg_pool -> linear(kind.classes)", "conv(1, 1)")
    )
    np.savez(folder / "d.npz", X=x, mask=x[:, 0] > 0, k=x[:, 0])
    result = run("baselines", "both.arch", "--data", "d.npz", *QUICK[:4])
    assert result.exit_code == 2
    assert "no task has one answer for each" in result.stderr


def test_a_forecast_beside_other_inputs_is_held_to_what_the_series_was(run, folder):
    (folder / "load.arch").write_text(
        "arch Load { data day = category(vocab=7) data load = series(6, 1)"
        " task regress(1, horizon=2) train adam(epochs=1) model = concat(load -> flatten,"
        " day -> embedding(2)) -> linear(2) -> reshape(targets, length=horizon) }"
    )
    chance = np.random.default_rng(0)
    x = chance.normal(size=(120, 6, 1)).cumsum(1)
    y = x[:, -1:, :].repeat(2, 1) + 0.1 * chance.normal(size=(120, 2, 1))
    np.savez(folder / "d.npz", load=x, day=chance.integers(0, 7, 120), y=y)
    told = json.loads(run("baselines", "load.arch", "--data", "d.npz", *QUICK).stdout)
    errors = {row["name"]: row["error"] for row in told["baselines"]}
    assert errors["the last value"] < 0.1
    assert "the value a season before" in errors
    assert errors["the mean"] > 0.7


def test_trees_take_ids_for_categories(run, folder):
    (folder / "sales.arch").write_text(
        "arch Sales { data facts = table(2) data shop = category(vocab=5) task regress(1)"
        " train adam(epochs=1) model = concat(facts, shop -> embedding(4)) -> linear(1) }"
    )
    chance = np.random.default_rng(0)
    shop = chance.integers(0, 5, 200)
    y = np.array([3, -2, 0, 5, -5])[shop] + 0.1 * chance.normal(size=200)
    np.savez(folder / "d.npz", facts=chance.normal(size=(200, 2)), shop=shop, y=y)
    told = json.loads(run("baselines", "sales.arch", "--data", "d.npz", *QUICK).stdout)
    errors = {row["name"]: row["error"] for row in told["baselines"]}
    assert errors["the mean"] > 0.7
    assert errors["gradient boosting"] < 0.2
    takes = Inputs(("a", "b", "c"), (Vector(2), Category(5), Category(256)))
    x, kinds = in_columns((np.ones((3, 2)), np.arange(3), np.arange(3)), takes)
    assert kinds == [False, False, True, False]
    assert x[2].tolist() == [1, 1, 2, 2]


def test_counted_words_are_how_often_each_comes():
    counts = flat(np.array([[1, 1, 0], [2, 2, 2]]), Tokens(3, 4)).toarray()
    assert counts.tolist() == [[1, 2, 0, 0], [0, 0, 3, 0]]


def test_data_that_does_not_fit_is_refused_with_the_shapes(run):
    result = run("baselines", "image.arch", "--data", "sklearn:wine")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: sklearn:wine has 3 classes, the spec `task classify(10)`; they have to be as many\n"
    )


def test_the_help_says_that_a_spec_cannot_name_data(run):
    assert "A spec cannot name its data" in run("baselines", "--help").stdout
