"""Synflow beside the product over all paths, which it is the gradient of."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from archdsl.runtime.live.batches import Batch
from archdsl.runtime.live.losses import Squares
from archdsl.runtime.live.scores import score


def _synflow(module, x):
    return score("synflow", module, [Batch((x,), torch.zeros(1))], Squares())


def _sizes(layer):
    return layer.weight.detach().double().abs().numpy()


def _stack(*widths, bias=False):
    torch.manual_seed(0)
    return [nn.Linear(*pair, bias=bias) for pair in pairwise(widths)]


def test_each_layer_of_a_linear_stack_has_the_sum_over_all_paths():
    layers = _stack(5, 7, 4, 3)
    first, second, third = map(_sizes, layers)
    paths = (third @ second @ first).sum()
    assert _synflow(nn.Sequential(*layers), torch.randn(8, 5)) == pytest.approx(3 * paths)


def test_biases_add_to_the_flow_through_the_layers_behind_them_only():
    layers = _stack(5, 7, 3, bias=True)
    first, second = map(_sizes, layers)
    hidden = first.sum(1) + layers[0].bias.detach().double().abs().numpy()
    through_first, through_second = (second @ first).sum(), (second @ hidden).sum()
    found = _synflow(nn.Sequential(*layers), torch.randn(2, 5))
    assert found == pytest.approx(through_first + through_second)


def test_a_kernel_counts_each_place_that_it_is_put():
    conv = nn.Conv2d(2, 3, 3, padding=1, bias=False)
    places = np.array([2, 3, 2])  # of three rows and columns, how many a tap reaches
    expected = (_sizes(conv) * np.outer(places, places)).sum()
    assert _synflow(conv, torch.randn(4, 2, 3, 3)) == pytest.approx(expected)


@pytest.mark.parametrize(
    "norm",
    [nn.BatchNorm1d(7), nn.LayerNorm(7), nn.RMSNorm(7), nn.GroupNorm(1, 7)],
    ids=lambda norm: type(norm).__name__,
)
def test_norms_dropout_and_rectifiers_change_nothing(norm):
    first, second = _stack(5, 7, 3)
    alone = _synflow(nn.Sequential(first, second), torch.randn(2, 5))
    others = nn.Sequential(first, norm, nn.ReLU(), nn.Dropout(0.9), second)
    assert _synflow(others, torch.randn(6, 5)) == alone


def test_ids_are_read_as_embeddings_of_ones():
    table, (head,) = nn.Embedding(9, 6), _stack(6, 2)
    found = _synflow(nn.Sequential(table, head), torch.randint(9, (4, 3)))
    assert found == pytest.approx(3 * _sizes(head).sum())


def test_depth_does_not_overflow():
    wide = nn.Sequential(*_stack(*[256] * 60))
    assert _synflow(wide, torch.randn(2, 256)) > 1e38


def test_an_output_without_weights_has_none():
    assert _synflow(nn.Flatten(), torch.randn(2, 3)) == 0


def test_recurrent_layers_are_in_training_for_which_alone_cudnn_has_gradients():
    modes = []

    class Last(nn.LSTM):
        def forward(self, x):
            modes.append(self.training)
            return super().forward(x)[0][:, -1]

    torch.manual_seed(0)
    layer = Last(4, 5, num_layers=2, dropout=0.5, batch_first=True)
    x = torch.randn(2, 3, 4)
    assert _synflow(layer, x) == _synflow(layer, x) > 0
    assert modes == [True, True]
