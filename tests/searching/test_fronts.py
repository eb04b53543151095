"""Fronts and volumes of several objectives, against brute force."""

from __future__ import annotations

from random import Random

import pytest

from archdsl.searching.fronts import beats, crowding, front, hypervolume, order, ranks


def _points(seed: int, count: int, objectives: int) -> list[tuple[float, ...]]:
    random = Random(seed)
    return [tuple(random.randrange(8) / 8 for _ in range(objectives)) for _ in range(count)]


@pytest.mark.parametrize("objectives", [1, 2, 3])
@pytest.mark.parametrize("seed", range(5))
def test_ranks_peel_off_one_front_after_another(seed: int, objectives: int) -> None:
    points = _points(seed, 40, objectives)
    wanted, left, rank = [0] * len(points), set(range(len(points))), 0
    while left:
        best = {i for i in left if not any(beats(points[j], points[i]) for j in left)}
        for i in best:
            wanted[i] = rank
        left, rank = left - best, rank + 1
    assert ranks(points) == wanted
    first = [i for i, one in enumerate(ranks(points)) if one == 0]
    assert {points[i] for i in front(points)} == {points[i] for i in first}
    assert len({points[i] for i in front(points)}) == len(front(points))


def test_of_one_objective_the_order_is_that_of_the_values_and_ties_keep_their_places() -> None:
    assert order([(3.0,), (1.0,), (2.0,), (1.0,)]) == [1, 3, 2, 0]


def test_within_a_front_the_ends_come_first_and_the_crowded_ones_last() -> None:
    points = [(0.0, 10.0), (1.0, 8.9), (1.1, 8.8), (5.0, 5.0), (10.0, 0.0), (10.0, 10.0)]
    assert set(order(points)[:2]) == {0, 4}
    assert order(points)[2:] == [3, 2, 1, 5]
    assert crowding([(0.0, 1.0), (0.5, 0.5), (1.0, 0.0)])[1] == 2


@pytest.mark.parametrize("objectives", [1, 2, 3, 4])
def test_hypervolume_is_what_counting_cells_gives(objectives: int) -> None:
    points = _points(objectives, 7, objectives)
    cells = [()]
    for _ in range(objectives):
        cells = [(*cell, i / 8) for cell in cells for i in range(8)]
    covered = sum(
        any(all(p <= c for p, c in zip(q, cell, strict=True)) for q in points) for cell in cells
    )
    assert hypervolume(points, (1.0,) * objectives) == pytest.approx(covered / 8**objectives)


def test_hypervolume_is_that_of_a_known_front_and_beyond_the_reference_nothing_counts() -> None:
    assert hypervolume([(1, 3), (2, 2), (3, 1)], (4, 4)) == 6
    assert hypervolume([(1, 3), (2, 2), (3, 1), (5, 0), (0, 4)], (4, 4)) == 6
    assert hypervolume([], (1, 1)) == 0
