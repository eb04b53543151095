"""What holds for every strategy, whichever there are. (``gp`` takes a second for each design.)"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random
from statistics import mean
from typing import TYPE_CHECKING

import pytest

from archdsl.searching.fronts import hypervolume
from archdsl.searching.strategies import strategy
from archdsl.searching.strategies.base import Strategy, Unsuitable
from archdsl.spec.catalog import words
from benchmarks.tables import Table, TableCandidates
from tests.searching.strategies.landscape import (
    OPTIONS,
    accuracy,
    best,
    candidates,
    cost,
    made,
    searched,
)

if TYPE_CHECKING:
    from archdsl.searching.records import Tried

WORDS = words("search")
SLOW = ("gp",)
EVERY = [pytest.param(w, marks=[pytest.mark.slow] if w in SLOW else []) for w in WORDS]
QUICK = [word for word in WORDS if word not in SLOW]
LEARNING = [word for word in QUICK if strategy(word).is_sequential]
SEVERAL = [word for word in LEARNING if strategy(word).takes_several]
SMALL = {"evolution": {"population": 10, "tournament": 3}, "nsga2": {"population": 10}}
TRIALS = 30
SEEDS = range(4)


def _without(trial: Tried, is_failed: bool = False) -> Tried:
    """A trial that has no values: it runs, or failed."""
    return replace(trial, values=None, state="failed" if is_failed else "running")


@cache
def _run(word: str, seed: int) -> list[Tried]:
    return searched(made(word, candidates(), seed, **SMALL.get(word, {})), TRIALS)


@pytest.mark.parametrize("word", EVERY)
def test_every_word_of_the_clause_is_a_strategy_that_says_what_it_does(word: str) -> None:
    found = strategy(word)
    assert issubclass(found, Strategy)
    assert found.__doc__ is not None
    assert len(found.__doc__) > 80


def test_a_word_that_is_none_has_no_strategy() -> None:
    with pytest.raises(KeyError):
        strategy("base")


@pytest.mark.parametrize("word", EVERY)
def test_a_new_object_proposes_what_one_that_was_there_all_the_time_proposes(word: str) -> None:
    trials = _run(word, 1)
    for number in (0, 1, 12, TRIALS - 1):
        again = made(word, candidates(), 1, **SMALL.get(word, {}))
        assert again.propose(number, trials[:number]).key == trials[number].key


@pytest.mark.parametrize("word", QUICK)
def test_another_seed_makes_another_search(word: str) -> None:
    assert [one.key for one in _run(word, 1)] != [one.key for one in _run(word, 2)]


@pytest.mark.parametrize("word", QUICK)
def test_nothing_is_proposed_twice_and_the_search_ends_with_the_space(word: str) -> None:
    few = TableCandidates(Table({"a": (1, 2, 3, 4), "b": ("x", "y", "z"), "c": (True, False)}))
    options = {"evolution": {"population": 5, "tournament": 2}, "nsga2": {"population": 5}}
    found = searched(
        made(word, few, 3, **options.get(word, {})),
        100,
        lambda design: (float(design["a"] + len(design["b"])),),
    )
    assert len(found) == len({one.key for one in found}) == 24


@pytest.mark.parametrize("word", QUICK)
def test_designs_of_one_key_are_proposed_once(word: str) -> None:
    options = {"a": (1, 2, 3), "b": (1, 2, 3), "c": ("x", "y")}
    same = TableCandidates(Table(options), key=lambda d: f"{sorted((d['a'], d['b']))} {d['c']}")
    small = {"evolution": {"population": 5, "tournament": 2}, "nsga2": {"population": 5}}
    found = searched(
        made(word, same, 0, **small.get(word, {})), 100, lambda d: (float(d["a"] * d["b"]),)
    )
    assert len(found) == len({one.key for one in found}) == 12


@pytest.mark.parametrize("word", QUICK)
def test_what_is_proposed_keeps_within_a_limit(word: str) -> None:
    limit = 100.0
    found = searched(made(word, candidates(limit), 5, **SMALL.get(word, {})), TRIALS)
    assert len(found) == TRIALS
    assert max(cost(one.design) for one in found) <= limit


@pytest.mark.parametrize("word", LEARNING)
def test_it_beats_drawing_at_random(word: str) -> None:
    at_random = mean(best(_run("random", seed)) for seed in SEEDS)
    assert mean(best(_run(word, seed)) for seed in SEEDS) > at_random + 0.3


@pytest.mark.parametrize("word", EVERY)
def test_designs_that_run_or_failed_are_not_proposed_again(word: str) -> None:
    past = [
        _without(one, is_failed=one.number % 2 == 0) if one.number % 3 else one
        for one in _run(word, 0)
    ]
    one = made(word, candidates(), 0, **SMALL.get(word, {}))
    proposed = one.propose(TRIALS, past)
    assert proposed.key not in {trial.key for trial in past}


@pytest.mark.parametrize("word", EVERY)
def test_it_goes_on_where_every_trial_failed(word: str) -> None:
    past = [_without(one, is_failed=True) for one in _run(word, 0)]
    proposed = made(word, candidates(), 0, **SMALL.get(word, {})).propose(TRIALS, past)
    assert proposed.key not in {trial.key for trial in past}


@pytest.mark.parametrize("word", [word for word in WORDS if not strategy(word).is_sequential])
def test_what_is_not_sequential_heeds_no_results(word: str) -> None:
    trials = _run(word, 1)
    unknown = [_without(one) for one in trials[:20]]
    assert made(word, candidates(), 1).propose(20, unknown).key == trials[20].key


@pytest.mark.parametrize("word", SEVERAL)
def test_of_two_objectives_it_covers_more_than_drawing_at_random(word: str) -> None:
    def volume(used: str) -> float:
        covered = []
        for seed in SEEDS:
            one = made(used, candidates(), seed, ("maximize", "minimize"), **SMALL.get(used, {}))
            trials = searched(one, 40, lambda d: (accuracy(d), cost(d)))
            losses = [(-t.values[0], t.values[1] ** 0.25) for t in trials if t.values]
            covered.append(hypervolume(losses, (0.0, 10.0)))
        return mean(covered)

    assert volume(word) > volume("random")


@pytest.mark.parametrize("word", [w for w in WORDS if not strategy(w).takes_several])
def test_what_takes_one_objective_refuses_two(word: str) -> None:
    with pytest.raises(Unsuitable, match="2"):
        made(word, candidates(), 0, ("maximize", "minimize"))


@pytest.mark.parametrize("word", LEARNING)
def test_less_is_better_where_it_is_to_be_minimised(word: str) -> None:
    found = searched(
        made(word, candidates(), 3, ("minimize",), **SMALL.get(word, {})),
        TRIALS,
        lambda design: (-accuracy(design),),
    )
    assert [one.key for one in found] == [one.key for one in _run(word, 3)]


def test_the_best_of_the_landscape_is_far_above_what_is_drawn() -> None:
    every = sorted(accuracy(one.design) for one in candidates().every())
    drawn = [accuracy(candidates().drawn(Random(i)).design) for i in range(200)]
    assert every[-1] > 10 > 6 > mean(drawn)
    assert len(every) == 3_840 == len(OPTIONS["op1"]) ** 3 * 5 * 6 * 2
