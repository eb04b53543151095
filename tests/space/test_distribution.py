"""How many designs have each total, against trying every design and against published spaces."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import product
from random import Random

import pytest

from archdsl.space import distribution as module
from archdsl.space import passing, slots
from archdsl.space.diagram import Part, Product
from archdsl.space.distribution import distribution
from archdsl.space.restrict import restricted
from tests.space.diagrams import Drawing, deep, options, totals
from tests.space.published import NAS_BENCH_201, darts, mobilenet_v2_like, nas_bench_201
from tests.thinning import mostly_slow

BY_PRODUCTS = {"SHORT": 1, "MOST_SHIFTS": 0}
WAYS = {
    "dictionaries": {},
    "slots": {"SMALL": 0, "ADDITIONS": 0},
    "products of slots": {"SMALL": 0, **BY_PRODUCTS},
    "dictionaries for all": {"SMALL": 0, "TABLE": 0},
}
ROUNDED = {"SMALL": 0, "TABLE": 0, "ADDITIONS": 0, "WORK": 0, "FEWEST": 16}
CUT = {"KEPT": 3, "ROOM": 1, "CUT": 8}
INEXACT_WAYS = {
    "rounded": ROUNDED,
    "rounded, by products": {**ROUNDED, **BY_PRODUCTS},
    "rounded and cut": {**ROUNDED, **CUT},
    "rounded with doubts": {**ROUNDED, "DOUBT": 3},
    "all at once": {**ROUNDED, **CUT, **BY_PRODUCTS, "DOUBT": 3},
}


def take(way: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets the bounds that lead to one way of working out a distribution."""
    for name, value in way.items():
        places = [place for place in (module, passing, slots) if hasattr(place, name)]
        assert places, f"no bound is called {name}"
        for place in places:
            monkeypatch.setattr(place, name, value)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("weights", [(1, 0), (3, 2), (-200, 1_000)])
@pytest.mark.parametrize("way", WAYS)
def test_it_counts_all_designs(
    way: str, seed: int, weights: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    take(WAYS[way], monkeypatch)
    drawing = Drawing(Random(seed))
    for _ in range(10):
        node = drawing.diagram()
        counts = Counter(totals(node, weights))
        found = distribution(node, weights)
        assert found.exact
        assert dict(zip(found.values, found.counts, strict=True)) == counts
        assert found.values == sorted(counts)
        assert (found.least, found.largest) == (min(counts), max(counts))
        assert found.total == node.count


@pytest.mark.parametrize("seed", mostly_slow(range(8), 4))
@pytest.mark.parametrize("way", INEXACT_WAYS)
def test_what_is_rounded_holds_the_truth_at_every_limit(
    way: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(INEXACT_WAYS[way], monkeypatch)
    drawing = Drawing(Random(seed), top=60)
    for _ in range(10):
        node = drawing.diagram()
        every = sorted(totals(node, (7, 2)))
        found = distribution(node, (7, 2))
        for limit in range(every[0] - 2, every[-1] + 3):
            low, high = found.count_at_most(limit)
            assert low <= bisect_right(every, limit) <= high
            assert high - low <= found.widest()


def test_roundings_do_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    node = mobilenet_v2_like()
    exact = distribution(node, (1, 0))
    take({**ROUNDED, "FEWEST": 4_096, "CUT": 64, "KEPT": 28}, monkeypatch)
    rounded = distribution(node, (1, 0))
    assert exact.exact
    assert not rounded.exact
    assert rounded.total == exact.total
    for limit in range(700_000, 2_600_000, 100_000):
        low, high = rounded.count_at_most(limit)
        assert low <= exact.count_at_most(limit)[0] <= high
    assert 0 < rounded.widest() < rounded.total // 50


def test_it_finds_the_28_parameter_counts_of_nas_bench_201() -> None:
    found = distribution(nas_bench_201(), (1,))
    assert (len(found.values), found.total) == (28, 15_625)
    assert (found.least, found.largest) == NAS_BENCH_201


def test_it_finds_the_parameter_counts_of_darts() -> None:
    node = darts()
    found = distribution(node, (1,))
    assert found.total == 1_037_664_180**2
    assert (found.least, found.largest) == (1_370_134, 5_144_086)
    assert len(found.values) == 15_425
    assert 3_349_342 in found.values  # the cells that were published
    assert sum(found.counts) == found.total


def test_it_counts_a_space_of_10_to_the_19_designs_exactly() -> None:
    node = mobilenet_v2_like()
    found = distribution(node, (1, 0))
    assert found.exact
    assert found.total == 21_758_655_492_572_485_851
    assert len(found.values) == 215_323
    assert found.count_at_most(1_000_000) == (484_070_802_387_032,) * 2
    valid = restricted(node, (1, 0), most=900_000)
    assert valid is not None
    assert found.count_at_most(900_000) == (valid.count, valid.count)
    assert distribution(node, (0, 1)).exact


def test_totals_without_a_shared_divisor_are_rounded_to_a_thousandth() -> None:
    found = distribution(mobilenet_v2_like(), (1_000_003, 1))
    assert not found.exact
    assert found.widest() <= found.total // 1_000
    for limit in range(found.least, found.largest, (found.largest - found.least) // 50):
        low, high = found.count_at_most(limit)
        assert 0 <= low <= high <= low + found.total // 1_000


def test_counts_of_hundreds_of_digits_are_cut_where_that_is_less_work() -> None:
    edges = options(".op", [(i * i,) for i in range(8)])
    node = Product((), tuple(Part(edges, f".{i}") for i in range(400)), (0,))
    found = distribution(node, (1,))
    assert found.total == 8**400
    low, high = found.count_at_most(found.largest // 3)
    assert not found.exact
    assert 0 < low <= high < found.total
    assert high - low < found.total // 10**5


def test_few_totals_that_lie_far_apart_are_exact() -> None:
    part = [options(".a", [(0,), (3 ** (5 * i) + 1,), (10**40 + i,)]) for i in range(9)]
    node = Product((), tuple(Part(one, f".{i}") for i, one in enumerate(part)), (1,))
    found = distribution(node, (1,))
    amounts = [[option.amounts[0] for option in one.options] for one in part]
    assert found.exact
    assert found.values == sorted({1 + sum(way) for way in product(*amounts)})


def test_a_limit_beyond_the_ends_leaves_none_or_all() -> None:
    found = distribution(nas_bench_201(), (1,))
    assert found.count_at_most(NAS_BENCH_201[0] - 1) == (0, 0)
    assert found.count_at_most(NAS_BENCH_201[1]) == (15_625, 15_625)
    below = sum(n for v, n in zip(found.values, found.counts, strict=True) if v <= 5e5)
    assert found.count_at_most(500_000.5) == (below, below)


def test_diagrams_may_be_deep() -> None:
    found = distribution(deep(3_000), (1,))
    assert (found.least, found.largest, sum(found.counts)) == (1, 6_001, 3_002)
