"""Strategies over spaces of specs: choices within choices, numbers on a scale, a limit."""

from __future__ import annotations

from functools import cache

import pytest

from archdsl.api import judging_of, read
from archdsl.cost.counts import params
from archdsl.searching.candidates import Candidates
from archdsl.searching.strategies import strategy
from archdsl.spec.catalog import words
from tests.searching.strategies.landscape import made, searched

NESTED = """
arch Nested {
  data table(8, samples=1_000)
  task classify(3)
  train adamw(lr=1e-4 to 1e-1 log, epochs=3)
  require params <= 900
  let depth = 1 | 2 | 3
  let wide = linear(16 | 20 | 24 | 32) -> gelu -> dropout(0.0 to 0.5)
  let narrow = linear(8 | 10 | 12 | 14 | 16) -> relu
  model = depth * (narrow | wide) -> linear(classes)
}
"""
SMALL = {"evolution": {"population": 6, "tournament": 2}, "nsga2": {"population": 6}}
QUICK = [word for word in words("search") if word != "gp"]
TRIALS = 16
SEEDS = (1, 2, 3)  # one search may be lucky


@cache
def _candidates() -> Candidates:
    return Candidates(judging_of(read(NESTED), None))


def _worth(design: dict[str, object]) -> tuple[float, ...]:
    return (_candidates().computed(design, "params") + 100 * float(design["train.lr"]),)


@pytest.mark.parametrize("word", QUICK)
def test_what_is_proposed_is_sound_within_the_limit_and_new(word: str) -> None:
    found = searched(made(word, _candidates(), 1, **SMALL.get(word, {})), TRIALS, _worth)
    assert len({trial.key for trial in found}) == TRIALS
    for trial in found:
        assert _candidates().candidate(trial.design).key == trial.key
        assert params(_candidates().evaluation(trial.design).graph) <= 900
    again = made(word, _candidates(), 1, **SMALL.get(word, {}))
    assert again.propose(TRIALS - 1, found[:-1]).key == found[-1].key


@pytest.mark.slow
@pytest.mark.parametrize("word", [word for word in QUICK if strategy(word).is_sequential])
def test_what_learns_comes_to_larger_designs_than_random(word: str) -> None:
    assert sum(_late(word, seed) for seed in SEEDS) > sum(_late("random", seed) for seed in SEEDS)


@cache
def _late(word: str, seed: int) -> float:
    """The mean of what the later half of the trials of a search came to."""
    found = searched(made(word, _candidates(), seed, **SMALL.get(word, {})), 40, _worth)
    late = [trial.values[0] for trial in found[20:] if trial.values]
    return sum(late) / len(late)
