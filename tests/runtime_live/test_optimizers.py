"""Every word of ``train`` is an optimizer."""

from __future__ import annotations

import pytest
import torch

from archdsl.runtime.live.optimizers import optimizer_of
from archdsl.spec import catalog
from archdsl.spec.train.adamw import Adamw
from archdsl.spec.train.lion import Lion
from archdsl.spec.train.sgd import Sgd


@pytest.mark.parametrize("word", catalog.words("train"))
def test_a_step_lowers_the_loss(word):
    torch.manual_seed(0)
    module = torch.nn.Linear(3, 1)
    optimizer = optimizer_of(catalog.find("train", word)(), module.parameters())
    x = torch.randn(32, 3)
    losses = []
    for _ in range(20):
        optimizer.zero_grad()
        loss = (module(x) - 3).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]


def test_what_the_clause_says_is_what_it_gets():
    (group,) = optimizer_of(
        Adamw(lr=0.1, beta1=0.8, weight_decay=0.2), torch.nn.Linear(1, 1).parameters()
    ).param_groups
    assert (group["lr"], group["betas"], group["weight_decay"]) == (0.1, (0.8, 0.999), 0.2)
    (group,) = optimizer_of(Sgd(momentum=0.9), torch.nn.Linear(1, 1).parameters()).param_groups
    assert (group["lr"], group["momentum"]) == (0.01, 0.9)


def test_lion_steps_by_the_sign():
    weight = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    weight.grad = torch.tensor([5.0, -0.1])
    optimizer_of(Lion(lr=0.5), [weight]).step()
    assert weight.tolist() == [0.5, 1.5]
