"""What blocks with several results cost, held to a plain count and to PyTorch."""

from __future__ import annotations

import pytest
import torch

import archdsl
from archdsl.cost import counts
from archdsl.cost.alive import ALIVE
from archdsl.cost.compose import total
from archdsl.cost.metrics.depth import WeightedLayers
from archdsl.cost.metrics.receptive_field import Reaches
from archdsl.cost.saved import SAVED_BYTES, saved_for_backward
from archdsl.evaluate.designs import sampler
from archdsl.resolve.loading import load
from archdsl.source import Source
from tests.cost import plain
from tests.cost.test_saved_live import kept
from tests.space.test_several_results import space

STAGES = """
block fork() {
  let a = conv(4, 3) -> relu
  return a, a -> max_pool(2) -> conv(8, 3)
}
block stage() {
  let (hi, lo) = x
  let up = lo -> conv(4, 1) -> upsample(2)
  return add(hi, up) -> silu, add(hi -> conv(8, 3, stride=2), lo) -> sigmoid
}
arch Stages {
  data image(3, 12, 12)
  task classify(5)
  model {
    let (HI, lo) = fork -> 3 * stage
    return MAIN
  }
}
"""
BOTH = "concat(hi -> global_avg_pool, lo -> global_avg_pool) -> linear(classes)"
HEAD = "lo -> global_avg_pool -> linear(classes)"
AUX = f"{HEAD}, train_only((hi -> conv(6, 3) -> relu -> flatten -> linear(classes)), weight=0.3)"


def _text(hi: str, main: str) -> str:
    return STAGES.replace("HI", hi).replace("MAIN", main)


TEXTS = (_text("hi", BOTH), _text("_", HEAD), _text("hi", AUX))


@pytest.mark.parametrize("seed", range(60))
def test_costs_that_compose_are_those_of_the_list_of_ops(seed: int) -> None:
    try:
        graph = load(Source(space(seed))).program().evaluate(sampler(seed)).graph
    except archdsl.SpecError:
        pytest.skip("a design whose layers do not fit together")
    assert counts.params(graph) == plain.params(graph)
    assert counts.macs(graph) == plain.macs(graph)
    assert total(WeightedLayers(), graph) == (plain.depth(graph),)
    assert total(Reaches(), graph) == (plain.receptive_field(graph),)
    assert total(SAVED_BYTES, graph) == plain.saved(graph)


def test_what_is_alive_is_told_to_the_number_but_for_results_that_nothing_reads() -> None:
    """These live until their block returns, as they do in Python."""
    more = compared = 0
    for seed in range(80):
        try:
            graph = load(Source(space(seed))).program().evaluate(sampler(seed)).graph
        except archdsl.SpecError:
            continue
        (alive,) = total(ALIVE, graph)
        assert alive >= plain.alive(graph), seed
        compared += 1
        more += alive > plain.alive(graph)
    assert more <= compared // 5


@pytest.mark.parametrize("text", TEXTS)
def test_autograd_keeps_what_is_foretold(text: str) -> None:
    graph = archdsl.compile(text).graph
    assert saved_for_backward(graph).bytes(2) == kept(graph, 2)


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_autograd_keeps_what_is_foretold_of_random_designs(seed: int) -> None:
    try:
        graph = load(Source(space(seed))).program().evaluate(sampler(seed)).graph
    except archdsl.SpecError:
        pytest.skip("a design whose layers do not fit together")
    torch.manual_seed(0)
    assert saved_for_backward(graph).bytes(2) == kept(graph, 2)


def test_what_only_a_result_of_training_reads_costs_nothing_in_use() -> None:
    with_it, without = archdsl.compile(TEXTS[2]), archdsl.compile(_text("hi", HEAD))
    assert with_it.macs == without.macs
    assert with_it.params > without.params
    for composition in (WeightedLayers(), Reaches(), ALIVE):
        assert total(composition, with_it.graph) == total(composition, without.graph)
    extra = counts.macs(with_it.graph, in_use=False) - with_it.macs
    assert extra == 6 * 4 * 9 * 144 + 6 * 144 * 5


def _told(clause: str) -> list[str]:
    text = TEXTS[2].replace("task classify(5)", f"task classify(5) {clause}")
    return [f"{one.code} {one.message}" for one in archdsl.check(text).diagnostics]


def test_macs_in_training_may_be_required() -> None:
    graph = archdsl.compile(TEXTS[2]).graph
    most, in_training = counts.macs(graph), counts.macs(graph, in_use=False)
    missed = [one for one in _told(f"require macs(training) <= {most}") if "macs(training)" in one]
    assert len(missed) == 1
    assert f"{in_training:,}" in missed[0]
    assert not [one for one in _told(f"require macs <= {most}") if "macs" in one]
    assert any(one.startswith("E431") for one in _told("require macs(learning) <= 10"))
