"""ZiCo beside its formula in numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from archdsl.runtime.live.batches import Batch
from archdsl.runtime.live.losses import Squares
from archdsl.runtime.live.scores import NoScore, score


def _batches(*seeds):
    for seed in seeds:
        torch.manual_seed(seed)
        yield Batch((torch.randn(6, 4).double(),), torch.randn(6, 2).double())


def _by_hand(module, batches):
    layers = [[], []]
    for batch in batches:
        module.zero_grad()
        Squares()(module(*batch.inputs), batch.target).backward()
        for seen, layer in zip(layers, module, strict=True):
            seen.append(np.abs(layer.weight.grad.numpy()))
    return sum(np.log((np.mean(g, axis=0) / np.std(g, axis=0)).sum()) for g in layers)


def test_it_sums_the_logarithms_of_mean_over_deviation():
    torch.manual_seed(0)
    module, batches = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2)).double(), [*_batches(1, 2)]
    expected = _by_hand(module, batches)
    assert score("zico", module, batches, Squares()) == pytest.approx(expected)


def test_weights_whose_gradients_do_not_differ_are_left_out():
    module, (batch, other) = nn.Linear(4, 2).double(), _batches(1, 2)
    with pytest.raises(NoScore, match="no weight has a gradient that differs"):
        score("zico", module, [batch, batch], Squares())
    x = batch.inputs[0].clone()
    x[:, 0] = other.inputs[0][:, 0] = 0  # the gradients of the first column are zero both times
    found = score("zico", module, [Batch((x,), batch.target), other], Squares())
    narrow = nn.Linear(3, 2).double()
    narrow.load_state_dict({"weight": module.weight[:, 1:], "bias": module.bias})
    cut = [Batch((x[:, 1:],), batch.target), Batch((other.inputs[0][:, 1:],), other.target)]
    assert found == pytest.approx(score("zico", narrow, cut, Squares()))


def test_one_batch_is_too_few():
    with pytest.raises(ValueError, match="zico reads 2 batches, not 1"):
        score("zico", nn.Linear(4, 2), [*_batches(1)], Squares())
