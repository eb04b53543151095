"""Spaces whose blocks give and take several results, and whose heads may be there in training only,
come to what all their designs come to."""

from __future__ import annotations

from random import Random

import pytest

from archdsl.space.space import Space
from tests.space.brute_force import program, tried
from tests.space.test_metrics_against_brute_force import _compare, _compare_shares
from tests.thinning import mostly_slow

CHUNKS = [range(first, first + 20) for first in range(0, 40, 20)]


def space(seed: int) -> str:
    """A small space: a fork, a row of stages that take and give two, and one or two heads."""
    random = Random(seed)
    one = random.choice
    width = one(("4", "(4 | 6)", "w"))
    stage = one(("turn", "turn(act=silu)", "(turn | turn(act=tanh))", "(turn | swap)"))
    count = one(("0", "2", "(0 to 2)", "(1 | 3)"))
    names = one(("(a, b)", "(a, _)", "(a, b)"))
    result = one(
        (
            "add(a, b)",
            "concat(a, b)",
            "when(a.channels == b.channels, add(a, b), else=a)",
            "add(a | b, b)",
            "add(a, when(b.height > 4, zero, else=conv(a.channels, 1)))",
        )
    )
    result = "a" if "_" in names else result
    aux = one(("mid", "a -> conv(4 | 5, 1)", "pair_end", "stem -> (relu | conv(3, 3))"))
    weight = one(("", ", weight=0.5", ", weight=0.3 | 0.4"))
    finish = one(("main", f"main, train_only(aux{weight})", f"main, train_only(aux{weight})"))
    return f"""
{_blocks(random)}arch Small {{
  data image(3, 6, 6)
  task regress(4)
  train sgd(batch=4, momentum=0.9)
  let w = 4 | 5
  model {{
    let stem = conv(3, 3) -> relu
    let pair = stem -> fork({width})
    let pair_end = stem -> tanh
    let {names} = pair -> {count} * {stage}
    let mid = {result} -> conv(4 | 6, 3)
    let aux = ({aux}) -> global_avg_pool -> linear(4)
    let main = mid -> global_avg_pool -> linear(4)
    return {finish}
  }}
}}
"""


def _blocks(random: Random) -> str:
    """A block that gives two results, and two that take and give two."""
    one = random.choice
    return f"""
block fork(w) {{
  let a = conv(w, {one(("3", "(1 | 3)"))}) -> relu
  let b = conv({one(("w", "(w | 4)"))}, 1)
  return a, {one(("b", "b -> tanh", "x", "add(a, b)", "(b | a)"))}
}}
{one(("", "shared "))}block turn(act=relu) {{
  let (a, b) = x
  let c = b -> conv(a.channels, {one(("1", "(1 | 3)"))}) -> act
  return {one(("a", "a -> act", "add(a, c)", "(a | c)"))}, {one(("c", "a", "c -> act", "b"))}
}}
block swap() {{
  let (a, b) = x
  return b, a
}}
"""


@pytest.mark.parametrize("seeds", mostly_slow(CHUNKS, 2), ids=lambda seeds: str(seeds.start))
def test_counts_bounds_and_distributions_are_those_of_all_designs(seeds: range) -> None:
    compared = 0
    for seed in seeds:
        made = program(space(seed))
        designs = None if made is None else tried(made, 300)
        if made is None or designs is None:
            continue
        assert Space(made).count() == len(designs), seed
        if designs:
            compared += 1
            _compare(made, designs, seed)
            _compare_shares(made, designs, seed)
    assert compared >= len(seeds) // 2


STATES = """arch Small {
  data series(4, 3)
  task regress(2)
  train sgd(batch=4, momentum=0.9)
  model {
    let (read, state, cell) = lstm(3 | 4, layers=1 | 2, return_state=true)
    let begin = state -> (identity | linear(4) -> tanh)
    let other = read -> lstm(4, layers=1 | 2, state=begin, cell=begin -> (zero | identity))
    return other -> last -> linear(targets)
  }
}
"""


def test_states_that_fit_in_some_designs_alone_are_counted_so() -> None:
    made = program(STATES)
    designs = tried(made, 300)
    assert designs is not None
    assert Space(made).count() == len(designs) == 12
    _compare(made, designs, 0)
