"""What a space says of frozen parts is what all its designs have: on random spaces."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from archdsl.cost.counts import params, trainable
from archdsl.evaluate.layers import is_value
from archdsl.graph.flat import Flat
from archdsl.graph.nodes import Learning
from archdsl.space.explore.explorer import Unexplorable
from archdsl.space.metrics import metric_of, sort_key
from archdsl.space.space import Space
from tests.space.brute_force import program, tried
from tests.space.random_spaces import space
from tests.thinning import thinned

if TYPE_CHECKING:
    from archdsl.evaluate.program import Evaluation

WORDS = ("params", "params(trainable)", "memory(training)", "memory(training, batch=1)")
CHUNKS = [range(first, first + 30) for first in range(60_000, 60_060, 30)]
WIDE = thinned([range(first, first + 100) for first in range(60_100, 60_900, 100)], 2)


def frozen(seed: int) -> str | None:
    """A random space that freezes some lets of its model, and adapts them; None where there are
    none to freeze."""
    text = space(seed)
    made = program(text)
    lets = [] if made is None else [n for n, thing, _ in made.model.lets if not is_value(thing)]
    if not lets or "train " in text:
        return None
    chance = Random(seed)
    names = ", ".join(chance.sample(lets, chance.randint(1, len(lets))))
    rank = ("0", "2", "1 | 3")[seed % 3]
    clause = f"train adamw(batch=4, freeze=[{names}], adapter_rank={rank})"
    return text.replace("\n  model", f"\n  {clause}\n  model", 1)


def _compare(seeds: range) -> int:
    """How many spaces of some seeds were held against all their designs."""
    looked_at = 0
    for seed in seeds:
        text = frozen(seed)
        made = program(text) if text else None
        designs = tried(made, 100) if made is not None else None
        if made is None or not designs:
            continue
        looked_at += 1
        assert not any(map(_is_mistaken, designs)), seed
        found = Space(made)
        for word in WORDS:
            values = [metric_of(word, made, one.clauses).of(one.graph) for one in designs]
            try:
                extent = found.bounds(word)
            except Unexplorable:
                continue
            ends = min(values, key=sort_key), max(values, key=sort_key)
            assert extent is not None, (seed, word)
            assert (extent.low.value, extent.high.value) == ends, (seed, word)
            assert found.distribution(word) == Counter(values), (seed, word)
    return looked_at


def _is_mistaken(design: Evaluation) -> bool:
    """Whether a part is said to have no dense layer, and has one."""
    nodes = [step.node for step in Flat(design.graph).steps]
    return any(one.op.dense(*one.inputs) for one in nodes if one.learning is Learning.INERT)


@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: str(seeds.start))
def test_bounds_and_distributions_are_those_of_all_designs(seeds: range) -> None:
    assert _compare(seeds) > 2


@pytest.mark.slow
@pytest.mark.parametrize("seeds", WIDE, ids=lambda seeds: str(seeds.start))
def test_they_are_so_of_many_more_spaces(seeds: range) -> None:
    assert _compare(seeds) > 10


BLOCK = """
block cell(w) = conv(w, 3) -> batch_norm -> (relu | gelu)
arch A {
  data image(3, 8, 8)
  train adamw(freeze=stem)
  let shared = conv(4, 3 | 5)
  model {
    let stem = cell(4) -> shared -> each(w = [4, 4], conv(w, 1 | 3))
    let neck = stem -> cell(4) -> shared
    return neck -> cell(4)
  }
}
"""


def test_one_block_is_frozen_in_one_place_and_trained_in_another() -> None:
    made = program(BLOCK)
    assert made is not None
    designs = tried(made, 1_000)
    assert designs
    totals = {(trainable(one.graph), params(one.graph)) for one in designs}
    steps = Flat(designs[0].graph).steps
    assert [step.node.learning for step in steps] == [Learning.INERT] * 6 + [0] * 7
    hand = {2 * (4 * 4 * 9 + 4 + 8) + (k * k * 16 + 4) for k in (3, 5)}
    assert {one for one, _ in totals} == hand
    found = Space(made)
    for word in WORDS:
        values = [metric_of(word, made, one.clauses).of(one.graph) for one in designs]
        assert found.distribution(word) == Counter(values)


ADAPTED = """
arch A {
  data series(6, 8)
  train adamw(batch=4, freeze=body, adapter_rank=1 | 2 | 4) | sgd(freeze=body)
  model {
    let body = (linear(8) | attention(2) | conv(8, 3)) -> relu
    return body -> linear(4 | 5)
  }
}
"""


def test_the_rank_of_adapters_is_chosen_with_the_rest_of_training() -> None:
    made = program(ADAPTED)
    assert made is not None
    designs = tried(made, 1_000)
    assert designs is not None
    assert len(designs) == 4 * 6
    found = Space(made)
    for word in WORDS:
        values = [metric_of(word, made, one.clauses).of(one.graph) for one in designs]
        assert found.distribution(word) == Counter(values)
    trained = {
        head + rank * ends for head in (36, 45) for rank in (0, 1, 2, 4) for ends in (0, 16, 48)
    }
    assert set(found.distribution("params(trainable)")) == trained
