"""A way out that names layers can be pasted, fits the data, and breaks no principle of fit."""

from __future__ import annotations

import re

import pytest

import archdsl
from archdsl.diagnostics import Severity
from archdsl.evaluate.designs import sampler
from archdsl.rules.config import Config
from archdsl.rules.facts_ladder import instead
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
