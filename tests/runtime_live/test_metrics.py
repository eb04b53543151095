"""Metrics of trained models, held to scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from sklearn import metrics as theirs
from sklearn.neighbors import NearestNeighbors

from archdsl.runtime.live.learning.measuring import answers, measured
from archdsl.runtime.live.learning.metric import LESS, MORE, find, metrics_of, words
from archdsl.runtime.live.learning.precision import precision_of
from archdsl.runtime.live.tallies import Answers
from archdsl.runtime.live.tasks import loss_of
from archdsl.spec.task.classify import Classify
from archdsl.spec.task.embed import Embed
from archdsl.spec.task.label import Label
from archdsl.spec.task.next_token import NextToken
from archdsl.spec.task.regress import Regress
from archdsl.types import Image, Nodes, Sequence, Vector

FP32 = precision_of("fp32", "cpu")


class Echo(torch.nn.Module):
    """A model that gives what it gets."""

    def forward(self, x):
        return x


class Given:
    """Batches of results and targets."""

    def __init__(self, results, targets, size=7):
        self.pairs = list(zip(results.split(size), targets.split(size), strict=True))

    def epoch(self, seed):
        return (((x,), y) for x, y in self.pairs)


def _measured(task, out, results, targets, classes, size=7):
    names = metrics_of(task, is_costly=True)
    found = answers(Echo(), Given(results, targets, size), loss_of(task, out), FP32)
    return measured(names, {"": classes}, found)


def test_a_metric_is_the_class_of_its_file() -> None:
    assert {find(word).__name__.lower() for word in words()} == {
        word.replace("_", "") for word in words()
    }
    assert {find(word).better for word in words()} == {MORE, LESS}
    with pytest.raises(KeyError):
        find("beauty")


def test_of_several_classes() -> None:
    chance = np.random.default_rng(0)
    scores, y = chance.normal(size=(100, 5)), chance.integers(4, size=100)  # one is never asked for
    found = _measured(Classify(classes=5), Vector(5), torch.tensor(scores), torch.tensor(y), 5)
    chosen = scores.argmax(1)
    shares = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    assert found["accuracy"] == pytest.approx(theirs.accuracy_score(y, chosen))
    assert found["error"] == pytest.approx(1 - found["accuracy"])
    assert found["f1"] == pytest.approx(theirs.f1_score(y, chosen, average="macro"))
    assert found["loss"] == pytest.approx(theirs.log_loss(y, shares, labels=range(5)))
    each = [theirs.roc_auc_score(y == place, shares[:, place]) for place in range(4)]
    assert found["auroc"] == pytest.approx(np.mean(each))
    assert set(found) == {"accuracy", "auroc", "error", "f1", "loss"}


@pytest.mark.parametrize("columns", [1, 2])
def test_of_two_classes(columns: int) -> None:
    chance = np.random.default_rng(1)
    scores, y = chance.normal(size=(60, columns)), chance.integers(2, size=60)
    task = Classify(classes=columns)
    found = _measured(task, Vector(columns), torch.tensor(scores), torch.tensor(y), columns)
    margin = scores[:, 0] if columns == 1 else scores[:, 1] - scores[:, 0]
    chosen = (margin > 0).astype(int)
    assert found["accuracy"] == pytest.approx(theirs.accuracy_score(y, chosen))
    assert found["f1"] == pytest.approx(theirs.f1_score(y, chosen))
    assert found["auroc"] == pytest.approx(theirs.roc_auc_score(y, margin))
    assert found["loss"] == pytest.approx(theirs.log_loss(y, 1 / (1 + np.exp(-margin))))


def test_of_numbers() -> None:
    chance = np.random.default_rng(2)
    y = chance.normal(size=(50, 2))
    x = y + chance.normal(size=(50, 2)) * [0.1, 2]
    found = _measured(Regress(targets=2), Vector(2), torch.tensor(x), torch.tensor(y), 0)
    assert found["rmse"] == pytest.approx(theirs.root_mean_squared_error(y, x))
    assert found["mae"] == pytest.approx(theirs.mean_absolute_error(y, x))
    assert found["r2"] == pytest.approx(theirs.r2_score(y, x))
    assert found["loss"] == pytest.approx(theirs.mean_squared_error(y, x))


def test_of_tokens() -> None:
    chance = np.random.default_rng(3)
    scores, y = chance.normal(size=(20, 6, 9)), chance.integers(9, size=(20, 6))
    found = _measured(NextToken(), Sequence(6, 9), torch.tensor(scores), torch.tensor(y), 9)
    flat = scores.reshape(-1, 9)
    shares = np.exp(flat) / np.exp(flat).sum(1, keepdims=True)
    assert found["loss"] == pytest.approx(theirs.log_loss(y.ravel(), shares, labels=range(9)))
    assert found["perplexity"] == pytest.approx(math.exp(found["loss"]))
    assert found["accuracy"] == pytest.approx(theirs.accuracy_score(y.ravel(), flat.argmax(1)))


def test_of_pixels_the_classes_are_the_channels() -> None:
    chance = np.random.default_rng(4)
    scores, y = chance.normal(size=(8, 3, 4, 5)), chance.integers(3, size=(8, 4, 5))
    task = Classify(classes=3, per="pixel")
    found = _measured(task, Image(3, 4, 5), torch.tensor(scores), torch.tensor(y), 3)
    chosen = scores.argmax(1)
    assert found["accuracy"] == pytest.approx((chosen == y).mean())
    assert found["f1"] == pytest.approx(theirs.f1_score(y.ravel(), chosen.ravel(), average="macro"))


@pytest.mark.parametrize("classes", [0, 1, 3])
def test_nodes_that_nobody_asks_for_count_for_nothing(classes: int) -> None:
    chance = np.random.default_rng(5)
    width = classes or 2
    scores = torch.tensor(chance.normal(size=(30, width)))
    y = torch.arange(30) % max(classes, 2) if classes else torch.randn(30, width).double()
    shown = torch.arange(30) < 18
    hidden = torch.where(shown if classes else shown[:, None], y, -100 if classes else math.nan)
    task = Classify(classes=classes) if classes else Regress(targets=width)
    out = Nodes(30, width, 40, 0)
    wanted = _measured(task, out, scores[:18], y[:18], classes, size=18)
    assert _measured(task, out, scores, hidden, classes, size=30) == pytest.approx(wanted)
    leaf = scores.clone().requires_grad_()
    loss_of(task, out)(leaf, hidden).backward()
    assert leaf.grad is not None
    assert leaf.grad[18:].abs().max() == 0
    assert leaf.grad[:18].abs().max() > 0


def test_one_class_alone_has_no_curve() -> None:
    found = _measured(Classify(classes=3), Vector(3), torch.randn(9, 3), torch.zeros(9).long(), 3)
    assert found["auroc"] == 0.5


def test_answers_of_no_model_are_measured_too() -> None:
    right = Answers(torch.tensor([0, 1, 2]), torch.tensor([0, 1, 1]))
    assert measured(("accuracy",), {"": 3}, [{"": right}]) == {"accuracy": pytest.approx(2 / 3)}


def test_of_labels() -> None:
    chance = np.random.default_rng(5)
    scores, y = chance.normal(size=(80, 4)), chance.integers(2, size=(80, 4))
    found = _measured(Label(labels=4), Vector(4), torch.tensor(scores), torch.tensor(y), 4)
    chosen = (scores > 0).astype(int)
    shares = 1 / (1 + np.exp(-scores))
    assert found["error"] == pytest.approx(theirs.hamming_loss(y, chosen))
    assert found["accuracy"] == pytest.approx(1 - found["error"])
    assert found["f1"] == pytest.approx(theirs.f1_score(y, chosen, average="macro"))
    assert found["auroc"] == pytest.approx(theirs.roc_auc_score(y, scores, average="macro"))
    assert found["loss"] == pytest.approx(theirs.log_loss(y.ravel(), shares.ravel()))
    assert set(found) == {"accuracy", "auroc", "error", "f1", "loss"}


def test_of_two_labels_both_count() -> None:
    y = torch.tensor([[1, 0], [1, 1], [0, 1], [1, 0]])
    scores = torch.tensor([[1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, -1.0]])
    found = _measured(Label(labels=2), Vector(2), scores, y, 2)
    assert found["f1"] == pytest.approx(theirs.f1_score(y, scores > 0, average="macro"))


def test_of_vectors() -> None:
    chance = np.random.default_rng(6)
    y = chance.integers(4, size=60)
    vectors = chance.normal(size=(4, 5))[y] + chance.normal(size=(60, 5))
    found = _measured(Embed(dimension=5), Vector(5), torch.tensor(vectors), torch.tensor(y), 0)
    near = NearestNeighbors(n_neighbors=2, metric="cosine").fit(vectors).kneighbors(vectors)[1]
    assert found["recall_at_1"] == pytest.approx((y[near[:, 1]] == y).mean())
    assert 0.3 < found["recall_at_1"] < 1
    assert set(found) == {"recall_at_1", "loss"}


def test_of_the_steps_of_a_forecast() -> None:
    chance = np.random.default_rng(7)
    x, y = chance.normal(size=(30, 3, 2)), chance.normal(size=(30, 3, 2))
    task = Regress(targets=2, horizon=3)
    given = Given(torch.tensor(x), torch.tensor(y))
    loss = loss_of(task, Sequence(3, 2))
    names = metrics_of(task)
    found = measured(names, {}, answers(Echo(), given, loss, FP32), by_step=True)
    for step in range(3):
        apart = theirs.root_mean_squared_error(y[:, step], x[:, step])
        assert found[f"rmse of step {step + 1}"] == pytest.approx(apart)
        told = theirs.mean_absolute_error(y[:, step], x[:, step])
        assert found[f"mae of step {step + 1}"] == pytest.approx(told)
    assert found["rmse"] == pytest.approx(np.mean([found[f"rmse of step {n}"] for n in (1, 2, 3)]))
    assert found["r2"] == pytest.approx(theirs.r2_score(y.reshape(30, 6), x.reshape(30, 6)))
