"""The best designs one after another, against sorting all of them."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from archdsl.space.best import best
from archdsl.space.diagram import Part, Product
from tests.space.diagrams import Drawing, deep, options, totals


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("weights", [(1, 0), (3, 2), (-2, 1), (0, 0)])
def test_all_designs_come_in_the_order_of_their_totals_then_of_their_ranks(
    seed: int, weights: tuple[int, int]
) -> None:
    drawing = Drawing(Random(seed))
    for _ in range(10):
        node = drawing.diagram()
        every = [(total, rank) for rank, total in enumerate(totals(node, weights))]
        assert list(best(node, weights)) == sorted(every)
        downwards = sorted(every, key=lambda one: (-one[0], one[1]))
        assert list(best(node, weights, largest=True)) == downwards


def test_a_space_of_hundreds_of_digits_gives_its_best_at_once() -> None:
    parts = tuple(Part(options(".c", [(0,), (i + 1,), (7,)]), f".{i}") for i in range(1_000))
    node = Product((), parts, (5,))
    assert node.count == 3**1_000
    first = list(islice(best(node, (1,)), 8))
    assert [value for value, _ in first] == [5, 6, 7, 8, 8, 9, 9, 10]  # 3, 1+2; 4, 1+3
    assert first[0].rank == 0
    assert first[1].rank == 3**999
    last = list(islice(best(node, (1,), largest=True), 1))
    assert last[0].value == 5 + sum(max(i + 1, 7) for i in range(1_000))


def test_diagrams_may_be_deep() -> None:
    assert list(islice(best(deep(5_000), (1,)), 3)) == [(1, 0), (3, 1), (5, 2)]
    assert next(best(deep(5_000), (1,), largest=True)) == (10_001, 5_001)
