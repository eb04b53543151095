"""A way out that names layers can be pasted, fits the data, and breaks no principle of fit."""

from __future__ import annotations

import re

import pytest

import archdsl
from archdsl.cost.metrics.memory import training
from archdsl.cost.profiles import shipped
from archdsl.diagnostics import Severity
from archdsl.evaluate.designs import sampler
from archdsl.resolve.loading import load
from archdsl.rules.config import Config
from archdsl.rules.facts_ladder import instead
from archdsl.source import Source
from tests.rules.literate import judged, loaded
from tests.rules.test_worked_numbers import case_of

CONFIG = Config(select=("P1", "P2"))
SAMPLES = ("", ", samples=500", ", samples=50_000", ", samples=2_000_000")
IMAGES = [
    f"data {kind}{samples})\n{task}"
    for kind in ("image(3, 32, 32", "image(1, 4, 6", "volume(1, 8, 16, 16")
    for samples in SAMPLES
    for task in ("task classify(10)\n", "task classify(5, per=pixel)\n", "")
]
SEQUENCES = [
    f"data {kind}{samples})\n{task}"
    for length in (2, 100, 101, 2_000, 5_000)
    for kind in (f"series({length}, 3", f"tokens({length}, vocab=50")
    for samples in SAMPLES
    for task in ("task classify(10)\n", "task classify(5, per=token)\n", "")
]
PREDICTED = [
    f"data tokens({length}, vocab=50{samples})\ntask next_token()\n"
    for length in (50, 300, 5_000)
    for samples in SAMPLES
]
GRAPHS = [
    "data graph(16, nodes=100, edges=400)\ntask classify(7)\n",
    "data graph(16, nodes=20, edges=40, graphs=500)\ntask classify(7, per=node)\n",
]
HEADS = {
    "sample": "linear({})",
    "token": "linear({})",
    "node": "linear({})",
    "pixel": "conv({}, 1)",
}


def pasted(data: str) -> list[str]:
    """Specs with each layer that the way out of some data names."""
    case = case_of(data + start(data))
    codes = re.findall(r"`([^`]*)`", instead(case))
    assert codes
    width = case.task.width(case.data) if case.task else 10
    head = HEADS[case.unit].format(width)
    return [f"{data}model = {code} -> {head}\n" for code in codes]


def start(data: str) -> str:
    """A model that answers as its task wants, of no other merit."""
    pool = "" if "per=" in data or "next" in data or "graph(" in data else " -> global_avg_pool"
    first = "embedding(8) -> " if "tokens" in data else ""
    width = next(iter(re.findall(r"classify\((\d+)", data)), "50")
    last = f"conv({width}, 1)" if "per=pixel" in data else f"linear({width})"
    return f"model = {first}identity{pool} -> {last}\n"


@pytest.mark.parametrize("data", [*IMAGES, *SEQUENCES, *PREDICTED, *GRAPHS])
def test_what_is_proposed_fits_the_data_and_the_principles(data: str) -> None:
    for spec in pasted(data):
        program, _ = loaded(spec)
        program.evaluate(sampler(0))
        found = judged(spec, CONFIG)
        assert [f.message for f in found if f.severity is not Severity.NOTE] == [], spec


def test_a_single_graph_takes_the_same_whatever_the_batch() -> None:
    text = "arch A {{ data graph(70, nodes=20, edges=60) train sgd(batch={}) require "
    text += "memory(training) <= {} kB model = gcn(64) -> relu -> sage(64) -> relu -> linear(2) }}"
    for batch in (1, 64):
        report = archdsl.check(text.format(batch, 120))
        (finding,) = (one for one in report.diagnostics if one.code == "P601")
        assert f"precision=bf16 takes 62.03 KiB at batch={batch}" in finding.help
        assert "is the largest that fits" not in finding.help


def test_one_sample_may_fit_where_two_do_not() -> None:
    text = "arch A {{ data series(64, 8) train sgd(batch=4) require memory(training) <= {} kB "
    text += "model = attention(2, dropout=0.1) -> linear(2) }}"
    report = archdsl.check(text.format(130))
    (finding,) = (one for one in report.diagnostics if one.code == "P601")
    assert "batch=1 is the largest that fits" in finding.help


ON_A_DEVICE = """\
arch A {{
  data  image(3, 64, 64)
  task  classify(10)
  train adam(batch=40_000, device={device}{more})
  model = 4 * (conv(64, 3) -> relu) -> global_avg_pool -> linear(classes)
}}
"""


def over_memory(device: str, more: str = "") -> archdsl.Diagnostic:
    report = archdsl.check(ON_A_DEVICE.format(device=device, more=more))
    (finding,) = (one for one in report.diagnostics if one.code == "P601")
    return finding


@pytest.mark.parametrize("device", shipped())
def test_bf16_is_offered_where_the_device_has_units_for_it(device: str) -> None:
    known = {"a100_80gb": True, "h200": True, "t4": False, "laptop_cpu": False, "mobile_cpu": False}
    assert ("bf16" in over_memory(device).help) == known[device]


def test_what_takes_the_memory_is_told_apart_and_adds_up() -> None:
    program = load(Source(ON_A_DEVICE.format(device="t4", more=""), "a.arch")).program()
    taken = training(program.evaluate(sampler(0)).graph, program.clauses.train, 40_000)
    said = over_memory("t4").notes[0]
    assert said.startswith("weights 442.3 KiB, gradients 442.3 KiB, optimizer state 884.6 KiB, ")
    assert f"activations {taken.saved / 2**30:.4g} GiB, at batch=40,000" in said


def test_copies_in_half_precision_are_told_with_the_activations() -> None:
    said = over_memory("t4", ", precision=amp").notes[0]
    assert "activations and copies of weights in half precision" in said


def test_175_billion_parameters_with_adam_take_35_cards_of_80_gb() -> None:
    text = """\
arch Huge {
  data table(500_000)
  task regress(350_000)
  train adam(batch=1, device=a100_80gb)
  model = linear(targets, bias=false)
}
"""
    (finding,) = (one for one in archdsl.check(text).diagnostics if one.code == "P601")
    assert archdsl.show(text).params == 175 * 10**9
    assert (
        "; or 35 cards of 80 GB that share weights, gradients and optimizer state" in finding.help
    )
    assert "(36 with the activations of one sample on each)" in finding.help
