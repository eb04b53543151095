"""Spaces of models with several inputs: what is told of all designs is so of each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

import archdsl
from archdsl.cost import catalog
from archdsl.cost.metric import Setting, Written
from archdsl.evaluate.designs import design_of, load_design, sampler
from archdsl.resolve.loading import load
from archdsl.source import NOWHERE, Source
from archdsl.space.explore.explorer import Explorer, Unexplorable
from archdsl.space.explore.program import explored
from tests.space.brute_force import program, tried
from tests.space.random_spaces import with_inputs
from tests.thinning import mostly_slow

if TYPE_CHECKING:
    from archdsl.evaluate.program import Program

CHUNKS = [range(first, first + 50) for first in range(0, 200, 50)]
LIMIT = 200
WORK = 20_000

CHOSEN = """arch A {
  data picture = image(3, 16, 16, samples=1_000, augment=none | basic)
  data facts = table(6)
  task classify(4)
  model {
    let seen = picture -> conv(8 | 16, 3) -> relu -> global_avg_pool
    let known = facts -> (1 | 2) * linear(6)
    return concat(seen, known | none, facts) -> linear(classes)
  }
}
"""


def _found(made: Program) -> Counter[Any] | None:
    found: Counter[Any] = Counter()
    try:
        for group, node in explored(made, Explorer(work=WORK, strict=True)):
            found[group.out] += node.count
    except Unexplorable:
        return None
    return found


@pytest.mark.parametrize("seeds", mostly_slow(CHUNKS, 2), ids=lambda seeds: str(seeds.start))
def test_of_random_spaces_the_designs_that_fit_are_those_found_by_trying(seeds: range) -> None:
    looked_at = fitting = 0
    for seed in seeds:
        text = with_inputs(seed)
        made = program(text)
        designs = None if made is None else tried(made, LIMIT)
        found = None if made is None else _found(made)
        if designs is None or found is None:
            continue
        wanted = Counter(one.graph.model.out for one in designs if one.within)
        assert found == wanted, text
        looked_at += 1
        fitting += bool(wanted)
    assert looked_at >= len(seeds) // 2
    assert fitting >= len(seeds) // 8


def _cost(word: str, made: Program, design: dict[str, Any]) -> Any:
    metric = catalog.find(word.partition("(")[0])
    assert metric is not None
    graph = load_design(made, design).evaluation.graph
    return metric.bind(Written(word, (), NOWHERE), Setting(None, {})).of(graph)


@pytest.mark.parametrize("word", ["params", "macs", "depth", "receptive_field"])
def test_the_bounds_of_a_space_are_those_of_its_designs(word: str) -> None:
    space, made = archdsl.read_space(CHOSEN), load(Source(CHOSEN)).program()
    designs = {str(d): d for d in (design_of(made.evaluate(sampler(n))) for n in range(400))}
    assert space.count() == len(designs) == 2 * 2 * 2 * 2
    costs = [_cost(word, made, design) for design in designs.values()]
    bounds = space.bounds(word)
    assert bounds is not None
    assert (bounds.low.value, bounds.high.value) == (min(costs), max(costs))


def test_a_closed_space_keeps_its_inputs() -> None:
    (design,) = archdsl.sample(CHOSEN, seed=3)
    text = archdsl.close(CHOSEN, design=design)
    assert "data  facts = table(6)" in text
    assert " | " not in text
    assert archdsl.compile(text).params == archdsl.compile(CHOSEN, design=design).params


def test_whether_an_input_is_augmented_is_chosen_by_its_name() -> None:
    made = load(Source(CHOSEN)).program()
    design = design_of(made.evaluate(sampler(0)))
    assert design["data.picture.augment"] in ("none", "basic")
    chosen = {**design, "data.picture.augment": "basic"}
    data = load_design(made, chosen).evaluation.clauses.data
    assert (data.augment, data.samples) == ("basic", 1_000)
    assert [one.augment for one in data.inputs().values()] == ["basic", "none"]
