"""The covariance of Jacobians beside numpy's correlations."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
import torch
from torch import nn

from archdsl.runtime.live.batches import Batch
from archdsl.runtime.live.losses import Squares
from archdsl.runtime.live.scores import NoScore, score

K = 1e-5


class Cut(nn.Module):
    """Its weights are behind a zero that the input does not reach."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 2)

    def forward(self, x):
        return self.linear(torch.zeros_like(x))


def _jacob_cov(module, x):
    return score("jacob_cov", module, [Batch((x,), torch.zeros(1))], Squares())


def test_a_linear_network_answers_to_all_samples_alike():
    expected = -(3 * (log(K) + 1 / K) + log(4 + K) + 1 / (4 + K))
    torch.manual_seed(0)
    assert _jacob_cov(nn.Linear(6, 2), torch.randn(4, 6)) == pytest.approx(expected, rel=1e-6)


def test_it_is_the_formula_of_the_paper_over_numpys_correlations():
    torch.manual_seed(0)
    module, x = nn.Sequential(nn.Linear(40, 50), nn.ReLU(), nn.Linear(50, 3)), torch.randn(5, 40)
    rows = [torch.autograd.functional.jacobian(lambda one: module(one).sum(), row) for row in x]
    values = np.linalg.eigvalsh(np.corrcoef(torch.stack(rows).double().numpy()))
    expected = -np.sum(np.log(values + K) + 1 / (values + K))
    assert _jacob_cov(module, x) == pytest.approx(expected, rel=1e-5)


def test_where_outputs_do_not_follow_the_input_there_is_none():
    with pytest.raises(NoScore, match="ids do not change"):
        _jacob_cov(nn.Embedding(5, 2), torch.zeros(3, 2, dtype=torch.int64))
    off = nn.Sequential(nn.Linear(4, 2), nn.Threshold(1e9, 0))
    with pytest.raises(NoScore, match="does not depend on what is in a sample"):
        _jacob_cov(off, torch.randn(3, 4))
    with pytest.raises(NoScore, match="does not depend on what is in a sample"):
        _jacob_cov(Cut(), torch.randn(3, 4))
