"""The loss of a model with results of training only: that of the first, and those of the others
times their weights."""

from __future__ import annotations

import torch
from torch.nn import functional

import archdsl
from archdsl.resolve.loading import load
from archdsl.runtime.live.losses import loss_of, random_loss
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
