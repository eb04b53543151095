"""An order of all numbers below a count: each once, the same for a seed, and random."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise, permutations
from math import factorial
from typing import TYPE_CHECKING

import pytest

from archdsl.space.permutation import Permutation
from tests.space.chi_square import is_plausible

if TYPE_CHECKING:
    from collections.abc import Iterator

VAST = 10**375 + 12_345


def permuted(count: int, seed: int = 0, start: int = 0) -> Iterator[int]:
    return Permutation(count, seed).starting(start)


@pytest.mark.parametrize("count", [*range(70), 255, 256, 257, 999, 65_536, 65_793, 70_000])
def test_each_number_comes_once(count: int) -> None:
    assert sorted(permuted(count, seed=3)) == list(range(count))


def test_an_order_is_that_of_its_seed_and_can_be_taken_up_anywhere() -> None:
    whole = list(permuted(1_000, seed=1))
    assert list(permuted(1_000, seed=1)) == whole
    assert list(permuted(1_000, seed=1, start=990)) == whole[990:]
    assert list(permuted(1_000, seed=1, start=1_000)) == []
    assert [Permutation(1_000, 1)[p] for p in (500, 3)] == [whole[500], whole[3]]
    assert list(permuted(1_000, seed=2)) != whole
    assert list(permuted(1_000, seed=-1)) != whole


@pytest.mark.parametrize("count", [2**64 + 1, VAST])
def test_numbers_may_be_of_any_size(count: int) -> None:
    first = list(islice(permuted(count, seed=5), 500))
    assert len(set(first)) == 500
    assert all(0 <= number < count for number in first)
    halves = Counter(number >= count // 2 for number in first)
    assert is_plausible([halves[False], halves[True]])
    assert next(permuted(count, seed=5, start=count - 1)) not in first
    assert list(permuted(count, seed=5, start=count)) == []


@pytest.mark.parametrize("position", [-1, 10])
def test_a_position_past_the_count_is_refused(position: int) -> None:
    with pytest.raises(IndexError, match=f"there is no position {position} among 10"):
        Permutation(10)[position]


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_over_many_seeds_each_order_comes_as_often(count: int) -> None:
    found = Counter(tuple(permuted(count, seed)) for seed in range(8 * factorial(count)))
    assert is_plausible([found[order] for order in permutations(range(count))])


@pytest.mark.parametrize("count", [7, 12, 30, 300])
def test_over_many_seeds_each_first_pair_comes_as_often(count: int) -> None:
    number = 5_000
    found: Counter[tuple[int, ...]] = Counter()
    for seed in range(number):
        found[tuple(islice(permuted(count, seed), 2))] += 1
    if count < 300:
        assert is_plausible([found[pair] for pair in permutations(range(count), 2)])
    assert is_plausible([sum(n for pair, n in found.items() if pair[1] == i) for i in range(count)])


def test_neighbours_in_the_order_are_no_neighbours_as_numbers() -> None:
    order = list(permuted(100_000, seed=0))
    steps = Counter(10 * ((b - a) % 100_000) // 100_000 for a, b in pairwise(order))
    assert is_plausible([steps[tenth] for tenth in range(10)])
