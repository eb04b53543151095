"""NASWOT beside its kernel counted unit by unit."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from archdsl.runtime.live.batches import Batch
from archdsl.runtime.live.losses import Squares
from archdsl.runtime.live.scores import NoScore, score


def _naswot(module, x):
    return score("naswot", module, [Batch((x,), torch.zeros(1))], Squares())


def _by_hand(codes):
    """log|det K|, K[i, j] the units less the Hamming distance of two codes."""
    rows = [[int(unit) for unit in code] for code in codes]
    kernel = [[sum(a == b for a, b in zip(i, j, strict=True)) for j in rows] for i in rows]
    return np.linalg.slogdet(np.array(kernel, dtype=float))[1]


class Branches(nn.Module):
    """Two layers of rectifiers: one a module, one a function."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.one, self.two = nn.Conv2d(2, 3, 3), nn.Linear(12, 20)
        self.norm, self.relu = nn.BatchNorm2d(3), nn.ReLU(inplace=True)

    def before(self, x):
        first = self.norm(self.one(x))
        return first, self.two(first.clamp(min=0).flatten(1))

    def forward(self, x):
        x = self.relu(self.norm(self.one(x)))
        return functional.relu(self.two(x.flatten(1)))


def test_the_kernel_counts_the_units_on_which_two_samples_agree():
    module, x = Branches(), torch.randn(6, 2, 4, 4)
    with torch.no_grad():
        codes = torch.cat([part.flatten(1) > 0 for part in module.before(x)], 1)
    assert _naswot(module, x) == pytest.approx(_by_hand(codes))


@pytest.mark.parametrize("kind", [nn.GELU, nn.SiLU, nn.Hardswish, nn.LeakyReLU, nn.ELU, nn.ReLU6])
def test_what_resembles_a_rectifier_is_one(kind):
    torch.manual_seed(0)
    layer, x = nn.Linear(5, 40), torch.randn(6, 5)
    assert _naswot(nn.Sequential(layer, kind()), x) == pytest.approx(_by_hand(layer(x) > 0))


def test_gates_and_parts_with_other_rows_are_no_units():
    torch.manual_seed(0)
    layer, x = nn.Linear(5, 40), torch.randn(6, 5)
    alone = _naswot(nn.Sequential(layer, nn.ReLU()), x)
    others = nn.Sequential(layer, nn.ReLU(), nn.Sigmoid(), nn.Flatten(0), nn.ReLU())
    assert _naswot(others, x) == alone


def test_samples_that_no_unit_tells_apart_have_no_score():
    same = torch.randn(1, 5).repeat(4, 1)
    with pytest.raises(NoScore, match="30 units are too few to tell 4 samples apart"):
        _naswot(nn.Sequential(nn.Linear(5, 30), nn.ReLU()), same)
    with pytest.raises(NoScore, match="there are none"):
        _naswot(nn.Sequential(nn.Linear(5, 30), nn.Tanh()), torch.randn(4, 5))


def test_of_many_samples_as_many_as_in_the_paper_are_compared():
    torch.manual_seed(0)
    layer, x = nn.Linear(5, 300), torch.randn(1025, 5)
    kept = layer(x[torch.linspace(0, 1024, 128, dtype=torch.float64).round().long()])
    found = _naswot(nn.Sequential(layer, nn.ReLU()), x)
    assert found == pytest.approx(_by_hand(kept > 0))
