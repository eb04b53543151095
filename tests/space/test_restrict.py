"""The designs within limits, against trying every design."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from archdsl.space.best import best
from archdsl.space.bounds import largest, least
from archdsl.space.distribution import distribution
from archdsl.space.restrict import TooLarge, restricted
from tests.space.diagrams import Drawing, decoded, deep, designs, totals
from tests.space.published import mobilenet_v2_like, nas_bench_201


def within(every, weights, low=None, high=None):
    """Those of all designs whose total lies within limits."""
    found = {}
    for design, amounts in every.items():
        total = sum(a * b for a, b in zip(amounts, weights, strict=True))
        if (low is None or low <= total) and (high is None or total <= high):
            found[design] = amounts
    return found


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("weights", [(1, 0), (3, 2), (-2, 1)])
def test_just_the_designs_within_the_limits_are_left(seed: int, weights: tuple[int, int]) -> None:
    random = Random(seed)
    drawing = Drawing(random)
    for _ in range(6):
        node = drawing.diagram()
        every = designs(node)
        values = sorted(set(totals(node, weights)))
        limits = [random.randint(values[0] - 1, values[-1] + 1) for _ in range(4)]
        for low, high in zip(limits[:2], limits[2:], strict=True):
            assert designs(restricted(node, weights, low)) == within(every, weights, low)
            assert designs(restricted(node, weights, None, high)) == within(
                every, weights, None, high
            )
            both = restricted(node, weights, low, high)
            assert designs(both) == within(every, weights, low, high)


@pytest.mark.parametrize("seed", range(12))
def test_limits_on_several_totals_are_applied_one_after_another(seed: int) -> None:
    drawing = Drawing(Random(seed))
    for _ in range(6):
        node = drawing.diagram()
        first, second = totals(node, (1, 0)), totals(node, (1, 2))
        limits = sorted(first)[len(first) // 2], sorted(second)[len(second) // 3]
        left = restricted(node, (1, 0), None, limits[0])
        assert left is not None
        expected = within(within(designs(node), (1, 0), None, limits[0]), (1, 2), limits[1])
        assert designs(restricted(left, (1, 2), limits[1])) == expected


@pytest.mark.parametrize("seed", range(12))
def test_what_is_left_answers_all_other_questions(seed: int) -> None:
    drawing = Drawing(Random(seed))
    for _ in range(6):
        node = drawing.diagram()
        every = sorted(totals(node, (2, 1)))
        low, high = every[len(every) // 4], every[3 * len(every) // 4]
        left = restricted(node, (2, 1), low, high)
        kept = [total for total in every if low <= total <= high]
        assert left is not None
        assert (least(left, (2, 1)).value, largest(left, (2, 1)).value) == (kept[0], kept[-1])
        assert [value for value, _ in best(left, (2, 1))] == kept
        assert distribution(left, (2, 1)).values == sorted(set(kept))


def test_no_limit_that_matters_leaves_the_diagram_as_it_is() -> None:
    node = nas_bench_201()
    assert restricted(node, (1,)) is node
    assert restricted(node, (1,), 73_306, 1_531_546) is node


def test_no_design_is_no_diagram() -> None:
    node = nas_bench_201()
    assert restricted(node, (1,), most=73_305) is None
    assert restricted(node, (1,), 73_307, 73_308) is None


def test_limits_of_a_published_space_leave_what_its_distribution_says() -> None:
    node = mobilenet_v2_like()
    params, macs = distribution(node, (1, 0)), distribution(node, (0, 1))
    for limit in (800_000, 900_000, 2_480_000):
        left = restricted(node, (1, 0), most=limit)
        assert left is not None
        assert left.count == params.count_at_most(limit)[0]
    left = restricted(node, (0, 1), most=110_000_000)
    assert left is not None
    assert left.count == macs.count_at_most(110_000_000)[0]


def test_two_limits_of_a_published_space_leave_the_same_in_either_order() -> None:
    node = mobilenet_v2_like()
    first = restricted(node, (1, 0), most=780_000)
    second = restricted(node, (0, 1), most=98_000_000)
    assert first is not None
    assert second is not None
    both = restricted(first, (0, 1), most=98_000_000), restricted(second, (1, 0), most=780_000)
    assert both[0] is not None
    assert both[1] is not None
    assert 0 < both[0].count == both[1].count < min(first.count, second.count)
    assert largest(both[0], (1, 0)).value <= 780_000
    assert largest(both[0], (0, 1)).value <= 98_000_000
    kept = [list(islice(best(one, (1, 1)), 50)) for one in both]
    assert [value for value, _ in kept[0]] == [value for value, _ in kept[1]]
    assert all(decoded(both[0], rank)[1][1] <= 98_000_000 for _, rank in kept[0])


def test_too_many_states_are_refused() -> None:
    with pytest.raises(TooLarge):
        restricted(mobilenet_v2_like(), (1, 0), most=1_600_000, states=10_000)


def test_diagrams_may_be_deep() -> None:
    left = restricted(deep(3_000), (1,), 100, 3_000)
    assert left is not None
    assert left.count == 1_450
    assert (least(left, (1,)).value, largest(left, (1,)).value) == (101, 2_999)
