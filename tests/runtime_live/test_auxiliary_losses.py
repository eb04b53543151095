"""The loss of a model with results of training only: that of the first, and those of the others
times their weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

import archdsl
from archdsl.resolve.loading import load
from archdsl.runtime.live.losses import random_loss
from archdsl.runtime.live.tasks import loss_of
from archdsl.source import Source
from tests.unjudged import UNJUDGED

TEXT = """
arch Aux {
  data table(6, samples=1000)
  task classify(3)
  train sgd(batch=8, epochs=1, lr=0.1)
  model {
    let h = linear(8) -> relu
    return h -> linear(classes), h -> linear(2), train_only((h -> linear(classes)), weight=0.3)
  }
}
"""


def test_the_loss_adds_them_with_their_weights() -> None:
    compiled = archdsl.compile(TEXT, terms=UNJUDGED)
    task = load(Source(TEXT)).program().clauses.task
    loss = loss_of(task, compiled.graph.model.out)
    first, other, aux = torch.randn(4, 3), torch.randn(4, 2), torch.randn(4, 3)
    target = torch.tensor([0, 2, 1, 1])
    wanted = functional.cross_entropy(first, target) + 0.3 * functional.cross_entropy(aux, target)
    assert torch.allclose(loss.of_all((first, other, aux), target), wanted)
    assert torch.allclose(loss.of_all((first,), target), functional.cross_entropy(first, target))
    assert random_loss((first, other, aux), loss).isfinite()


TASKS = """
arch Two {
  data table(8)
  task kind = classify(4)
  task age = regress(1, weight=0.5)
  train adam(batch=32, epochs=20, lr=0.01)
  model {
    let low = linear(32) -> relu
    let trunk = low -> linear(32) -> relu
    return trunk -> linear(kind.classes),
      train_only((low -> linear(kind.classes)), weight=0.3),
      trunk -> linear(age.targets),
      train_only((low -> linear(age.targets)), weight=2)
  }
}
"""


def test_of_several_tasks_each_has_auxiliary_results_behind_its_own() -> None:
    compiled = archdsl.compile(TASKS, terms=UNJUDGED)
    loss = loss_of(load(Source(TASKS)).program().clauses.task, compiled.graph.model.out)
    kinds, early, ages = torch.randn(6, 4), torch.randn(6, 4), torch.randn(6, 1)
    late = torch.randn(6, 1)
    kind, age = torch.randint(4, (6,)), torch.randn(6, 1)
    target = torch.cat([kind[:, None].float(), age], 1)
    in_use = functional.cross_entropy(kinds, kind) + 0.5 * functional.mse_loss(ages, age)
    more = 0.3 * functional.cross_entropy(early, kind) + 0.5 * 2 * functional.mse_loss(late, age)
    assert torch.allclose(loss.of_all((kinds, early, ages, late), target), in_use + more)
    assert torch.allclose(loss.of_all((kinds, ages), target), in_use)
    names = [one.name for one in loss.each(4)]
    assert names == ["cross-entropy"] * 2 + ["mean squared error"] * 2
    assert loss.random_targets((kinds, early, ages, late)).shape == target.shape
    assert random_loss((kinds, early, ages, late), loss).isfinite()


def test_several_tasks_are_learned_beside_auxiliary_results() -> None:
    x = np.random.default_rng(0).normal(size=(600, 8))
    kind = np.array(["a", "b", "c", "d"])[(x[:, 0] > 0) * 2 + (x[:, 1] > 0)]
    found = archdsl.train(TASKS, (x, {"kind": kind, "age": 7 * x[:, 2] + 50}))
    assert found.test["kind.accuracy"] > 0.9
    assert found.test["age.rmse"] < 0.3
    parts = found.test["kind.loss"] + 0.5 * found.test["age.loss"]
    assert found.test["loss"] == pytest.approx(parts, abs=1e-5)
