"""The numbers behind a verdict."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from archdsl.runtime.live.gradients import probes
from archdsl.runtime.live.scores._weights import layer_weights
from archdsl.runtime.module import build
from tests.runtime_live.specs import graph_of


def test_mean_and_deviation_are_over_all_batches():
    module = nn.Linear(2, 1, bias=False)
    (probe,) = probes(module)
    for batch in ([[1.0, 3.0]], [[5.0, 7.0]]):
        module.zero_grad()
        module(torch.tensor(batch)).sum().backward()
        probe.add()
    found = probe.result()
    assert (found.mean, found.std) == (4.0, 5.0**0.5)
    rms = float(module.weight.detach().square().mean()) ** 0.5
    assert abs(found.relative * rms / 21.0**0.5 - 1) < 1e-5


def test_units_that_never_move_are_counted():
    module = nn.Linear(3, 4)
    (probe,) = probes(module)
    module(torch.ones(2, 3))[:, :1].sum().backward()
    probe.add()
    assert probe.result().unmoved == 0.75


def test_a_transposed_convolution_has_its_units_on_the_second_axis():
    module = nn.ConvTranspose2d(3, 4, 2)
    (probe,) = probes(module)
    module(torch.ones(1, 3, 2, 2))[:, :1].sum().backward()
    probe.add()
    assert probe.result().unmoved == 0.75


def test_of_a_table_only_the_rows_read_count():
    module = nn.Embedding(100, 2)
    (probe,) = probes(module)
    module(torch.tensor([3, 4])).sum().backward()
    probe.add()
    found = probe.result()
    assert (found.mean, found.std, found.unmoved) == (1.0, 0.0, None)


def test_the_rows_of_a_table_are_taken_together():
    module = nn.Embedding(100, 2)
    nn.init.constant_(module.weight, 1.0)
    (probe,) = probes(module)
    module(torch.arange(16)).mean(0).sum().backward()
    probe.add()
    assert probe.result().relative == pytest.approx(1 / 4)


def test_biases_and_norms_are_no_layers():
    module = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.LSTM(2, 2))
    assert [probe.name for probe in probes(module)] == ["0", "2.weight_ih_l0", "2.weight_hh_l0"]


def test_a_layer_that_no_gradient_reaches_has_none():
    (probe,) = probes(nn.Linear(2, 2))
    probe.add()
    found = probe.result()
    assert (found.mean, found.relative, found.unmoved) == (0.0, 0.0, 1.0)


def test_the_tables_of_an_emitted_file_are_told_from_its_layers():
    text = """\
arch Tokens {
  data image(3, 8, 8)
  task classify(10)
  model = conv(8, 4, stride=4) -> to_sequence -> class_token -> position_embedding -> first
          -> linear(classes)
}
"""
    module = build(graph_of(text))
    found = [(probe.name, probe.is_table) for probe in probes(module)]
    assert found == [("conv", False), ("position", True), ("linear", False)]
    assert [len(weight) for weight in layer_weights(module)] == [8, 10]
