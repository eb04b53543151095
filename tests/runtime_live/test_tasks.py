"""Each task is learned from data made for it, and held to what is known of the data."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import archdsl
from archdsl import stages
from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.given import in_python
from archdsl.runtime.live.ladder import Budget
from archdsl.runtime.live.learning.measuring import measured
from archdsl.runtime.live.learning.splits import parted
from archdsl.runtime.live.tallies import Answers
from archdsl.runtime.live.tasks import Given, live
from archdsl.runtime.live.tasks.embed import SupervisedContrast
from archdsl.source import Source
from archdsl.spec.data.table import Table
from archdsl.spec.task.embed import Embed
from archdsl.spec.task.label import Label
from archdsl.spec.task.regress import Regress

TABLE = Table(features=8)
LABELS = """arch Labels {
  data table(8)
  task label(3)
  train adam(batch=32, epochs=25, lr=0.01)
  model = linear(32) -> relu -> linear(labels)
}
"""
VECTORS = """arch Vectors {
  data table(8)
  task embed(4)
  train adam(batch=64, epochs=15, lr=0.01)
  model = linear(32) -> relu -> linear(dimension)
}
"""
STEPS = """arch Steps {
  data series(24, 2)
  task regress(2, horizon=12)
  train adam(batch=64, epochs=15, lr=0.01)
  model = flatten -> linear(horizon * targets) -> reshape(targets, length=horizon)
}
"""


def _labelled(count: int = 600):
    x = np.random.default_rng(0).normal(size=(count, 8))
    y = np.stack([x[:, 0] > 0, x[:, 1] + x[:, 2] > 0.5, x[:, 3] * x[:, 4] > 0], 1)
    return x, y.astype(int)


def _alike(count: int = 600):
    chance = np.random.default_rng(0)
    classes = chance.integers(5, size=count)
    x = 1.5 * chance.normal(size=(5, 8))[classes] + 0.5 * chance.normal(size=(count, 8))
    return x, np.array(["a", "b", "c", "d", "e"])[classes]


def _seasons(steps: int = 1_200):
    t, chance = np.arange(steps), np.random.default_rng(0)
    both = np.stack([np.sin(t * np.pi / 6), np.cos(t * np.pi / 4)], 1)
    return both + 0.1 * chance.normal(size=(steps, 2))


def _windows():
    series = _seasons()
    windows = np.stack([series[n : n + 36] for n in range(0, 1_164, 2)])
    return windows[:, :24], windows[:, 24:]


def _clauses(spec: str):
    work = stages.run(stages.Work(Source(spec, "<test>")), stages.STAGES[:3])
    return work.evaluation.clauses


def test_labels_are_learned_each_by_itself() -> None:
    found = archdsl.train(LABELS, _labelled())
    assert found.test["f1"] > 0.9
    assert found.test["auroc"] > 0.95


def test_vectors_come_to_lie_beside_those_of_their_class() -> None:
    found = archdsl.train(VECTORS, _alike())
    assert found.test["recall_at_1"] > 0.9


def test_the_steps_after_a_window_are_told_one_by_one() -> None:
    found = archdsl.train(STEPS, _windows())
    assert found.test["rmse"] < 0.25
    assert found.test["rmse of step 12"] < 0.3


def test_a_long_series_is_learned_from_its_windows(tmp_path) -> None:
    path, series = tmp_path / "hours.csv", _seasons()
    rows = [f"2020-{n},{a:.4f},{b:.4f}" for n, (a, b) in enumerate(series)]
    path.write_text("\n".join(["date,a,b", *rows]), encoding="utf-8")
    found = archdsl.train(STEPS, str(path))
    assert found.test["rmse"] < 0.25
    assert found.samples == {"training": 685, "validation": 205, "test": 205}
    one = STEPS.replace("regress(2,", "regress(1,")
    assert archdsl.train(one, str(path), targets=["b"], epochs=3).test["rmse"] < 1
    with pytest.raises(BadInput, match="2 columns to tell, the spec `task regress"):
        archdsl.train(one, str(path))
    path.write_text(
        "\n".join(["a,b", *(row.partition(",")[2] for row in rows[:90])]), encoding="utf-8"
    )
    with pytest.raises(BadInput, match="has 90 steps; windows of 24 and the 12 that follow"):
        archdsl.train(STEPS, str(path))


def test_the_contrastive_loss_is_that_of_the_paper() -> None:
    """Equation 2 of Khosla et al. 2020, summed by hand."""
    torch.manual_seed(0)
    x, y = torch.randn(9, 5).double(), torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 3])
    z = x / x.norm(dim=1, keepdim=True)
    each = []
    for i in range(9):
        alike = [p for p in range(9) if p != i and y[p] == y[i]]
        others = sum(torch.exp(z[i] @ z[a] / 0.2) for a in range(9) if a != i)
        told = [torch.log(torch.exp(z[i] @ z[p] / 0.2) / others) for p in alike]
        if alike:
            each.append(-sum(told) / len(alike))
    assert len(each) == 8
    found = SupervisedContrast(temperature=0.2)(x, y)
    assert float(found) == pytest.approx(float(sum(each) / 8))


def test_the_contrastive_loss_leaves_out_what_is_hidden_or_alone() -> None:
    x, loss = torch.randn(6, 4, requires_grad=True), SupervisedContrast()
    y = torch.tensor([0, 0, 1, 1, -100, -100])
    assert torch.equal(loss(x, y), loss(x[:4], y[:4]))
    lonely = loss(x[:1], y[:1])
    lonely.backward()
    assert float(lonely.detach()) == 0
    assert not x.grad.isnan().any()
    assert float(loss(x[:3], torch.tensor([0, 1, 2])).detach()) == 0


@pytest.mark.parametrize(
    ("task", "y", "words"),
    [
        (Label(labels=3), np.ones((9, 2)), "it has 2 labels, the spec `task label\\(3\\)`"),
        (Label(labels=3), np.full((9, 3), 2), "y holds 2, and `task label` takes 1 for a label"),
        (Label(labels=1), np.array(["a"] * 9), "y holds words, and `task label` takes a column"),
        (Embed(dimension=3), np.ones((9, 2)), "not one class for each sample"),
        (Embed(dimension=3), np.ones(9), "it has 1 classes of at most 9 samples"),
        (Embed(dimension=3), np.arange(9), "it has 9 classes of at most 1 samples"),
        (
            Regress(horizon=3),
            np.ones((9, 2)),
            "a sample of it is 2; the spec takes steps × targets",
        ),
        (Regress(horizon=3), np.ones((9, 3)), "all targets are the same"),
    ],
)
def test_targets_that_do_not_fit_are_refused_in_words(task, y, words) -> None:
    with pytest.raises(BadInput, match=words):
        live(task).targets(Given("it", y, "sample"), TABLE)


def test_labels_of_pixels_stand_in_front_or_behind() -> None:
    y = np.random.default_rng(0).integers(2, size=(4, 5, 6, 3))
    given = Given("it", y, "pixel", (5, 6), in_front=True)
    found = live(Label(labels=3, per="pixel")).targets(given, TABLE).y
    assert np.array_equal(found, y.transpose(0, 3, 1, 2))
    turned = live(Label(labels=3)).targets(given._replace(y=found), TABLE).y
    assert np.array_equal(found, turned)


@pytest.mark.parametrize(
    ("spec", "data", "names", "least"),
    [
        (LABELS, _labelled, ["the commonest answer to each", "gradient boosting of each"], 0.9),
        (VECTORS, _alike, ["the inputs as they are", "linear discriminants"], 0.8),
        (STEPS, _windows, ["the value a season before", "ridge regression over the window"], 0.9),
    ],
)
def test_baselines_do_the_same_task(spec, data, names, least) -> None:
    """The last of these is good on data made for it; each gives what the loss takes."""
    clauses = _clauses(spec)
    side = live(clauses.task)
    parts = parted(in_python(data(), clauses.data, clauses.task), 0)
    rungs = side.baselines(clauses.data.tensor())
    assert set(names) <= set(rungs)
    scores = {}
    for name in names:
        told = rungs[name](parts, Budget(5, 5.0, 32))(parts.test.x)
        given = {"": Answers(torch.as_tensor(told), torch.as_tensor(parts.test.y))}
        _, scores[name] = side.compared(measured(side.judges, {"": parts.classes}, [given]))
    assert scores[names[-1]] > least
