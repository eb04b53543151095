"""The numbers the principles work with come out exactly."""

from __future__ import annotations

import pytest

from archdsl.cost import counts
from archdsl.cost.metrics import memory
from archdsl.cost.metrics.latency import Latency
from archdsl.cost.metrics.memory import TrainingMemory
from archdsl.cost.profiles import find, shipped
from archdsl.spec.train.adam import Adam
from tests.cost.conftest import model, zoo

MOBILE = find("mobile_cpu", {})


def test_a_wide_convolution_and_its_bottleneck() -> None:
    wide = counts.params(model("conv(256, 3, bias=false)", "image(256, 8, 8)"))
    narrow = "conv(64, 1, bias=false) -> conv(64, 3, bias=false) -> conv(256, 1, bias=false)"
    bottleneck = counts.params(model(narrow, "image(256, 8, 8)"))
    assert (wide, bottleneck) == (589_824, 69_632)
    assert round(wide / bottleneck, 1) == 8.5


def test_a_linear_model_of_twenty_features_has_21_parameters() -> None:
    assert counts.params(model("linear(1)", "table(20)")) == 21


def test_training_with_adam_takes_16_bytes_a_parameter_before_activations() -> None:
    needed = memory.training(zoo("resnet50"), Adam(), batch=1)
    assert needed.total - needed.saved == 16 * 25_557_032
    assert round((needed.total - needed.saved) / 1e9, 1) == 0.4


@pytest.mark.parametrize(("params", "expected"), [(1_500_000_000, 24e9), (175_000_000_000, 2.8e12)])
def test_large_models_take_what_the_principles_say(params: int, expected: float) -> None:
    weights = 4 * params
    assert TrainingMemory(weights, weights, 2 * weights, 0).total == expected


def test_175_billion_parameters_need_35_cards_of_80_gb() -> None:
    assert 2.8e12 / 80e9 == 35


@pytest.mark.parametrize(("name", "seconds"), [("resnet50", 0.41), ("mobilenet_v2", 0.03)])
def test_arithmetic_alone_on_a_mobile_cpu(name: str, seconds: float) -> None:
    assert MOBILE is not None
    assert round(2 * counts.macs(zoo(name)) / MOBILE.compute, 2) == seconds


def test_resnet50_misses_100_ms_on_a_mobile_cpu_and_mobilenet_v2_meets_it() -> None:
    assert MOBILE is not None
    assert 0.4 < Latency("mobile_cpu", MOBILE, 1, "fp32").of(zoo("resnet50")).value < 0.5
    assert 0.03 < Latency("mobile_cpu", MOBILE, 1, "fp32").of(zoo("mobilenet_v2")).value < 0.1


def test_every_shipped_device_has_its_source() -> None:
    from archdsl.catalog import files

    for name in shipped():
        assert "# source: " in files("archdsl.cost.devices", ".arch")[name].read_text("utf-8")
        assert find(name, {}) is not None


def test_inference_holds_the_weights_and_what_is_alive() -> None:
    graph = model("conv(8, 3) -> relu -> conv(4, 3)")
    alive = (8 + 8) * 32 * 32  # relu reads one and writes the other
    assert memory.inference(graph, None, batch=2) == 4 * (counts.params(graph) + 2 * alive)


def test_a_skip_stays_alive_until_it_is_read() -> None:
    graph = model("conv(8, 3) -> add(identity, relu -> conv(8, 3))")
    alive = 3 * 8 * 32 * 32  # the skip, relu's result, and the convolution's
    assert memory.inference(graph, None, batch=1) == 4 * (counts.params(graph) + alive)
