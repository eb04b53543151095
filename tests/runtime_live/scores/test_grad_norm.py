"""Scores of one gradient beside that of a linear regression, by hand: grad_norm and snip."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from archdsl.runtime.live.batches import Batch
from archdsl.runtime.live.losses import CrossEntropy, Squares
from archdsl.runtime.live.scores import score


@pytest.fixture
def regression():
    """A two-layer linear network with a bias, a batch, and the gradients of both matrices."""
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2, bias=False)).double()
    x, y = torch.randn(6, 4).double(), torch.randn(6, 2).double()
    first, bias, second = (p.detach().numpy() for p in module.parameters())
    hidden = x.numpy() @ first.T + bias
    wrong = 2 * (hidden @ second.T - y.numpy()) / y.numel()
    grads = (second.T @ wrong.T @ x.numpy(), wrong.T @ hidden)
    return module, Batch((x,), y), (first, second), grads


def test_grad_norm_sums_the_norms_of_layers(regression):
    module, batch, _, grads = regression
    found = score("grad_norm", module, [batch], Squares())
    assert found == pytest.approx(sum(np.linalg.norm(grad) for grad in grads))


def test_snip_sums_weights_times_gradients(regression):
    module, batch, weights, grads = regression
    pairs = zip(weights, grads, strict=True)
    found = score("snip", module, [batch], Squares())
    assert found == pytest.approx(sum(np.abs(w * g).sum() for w, g in pairs))


def test_snip_is_what_the_loss_loses_by_a_weight_for_small_steps(regression):
    module, batch, weights, _ = regression
    loss, step, total = Squares(), 1e-6, 0.0
    for parameter, weight in zip((module[0].weight, module[1].weight), weights, strict=True):
        for place in np.ndindex(*weight.shape):
            values = []
            for factor in (1 + step, 1 - step):
                with torch.no_grad():
                    kept = parameter[place].item()
                    parameter[place] = kept * factor
                    values.append(loss(module(*batch.inputs), batch.target).item())
                    parameter[place] = kept
            total += abs(values[0] - values[1]) / (2 * step)
    assert score("snip", module, [batch], loss) == pytest.approx(total, rel=1e-5)


def test_layers_behind_which_nothing_is_read_add_nothing():
    class Unread(nn.Module):
        def __init__(self):
            super().__init__()
            self.read, self.unread = nn.Linear(4, 3), nn.Linear(4, 3)

        def forward(self, x):
            return self.read(x)

    module, batch = Unread(), Batch((torch.randn(5, 4),), torch.tensor([0, 1, 2, 0, 1]))
    for name in ("grad_norm", "snip"):
        alone = score(name, module.read, [batch], CrossEntropy())
        assert score(name, module, [batch], CrossEntropy()) == alone > 0
        assert score(name, nn.Flatten(), [batch], CrossEntropy()) == 0
