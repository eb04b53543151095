"""The least and the largest total, against trying every design."""

from __future__ import annotations

from random import Random

import pytest

from archdsl.space.bounds import largest, least
from tests.space.diagrams import Drawing, deep, totals


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("weights", [(1, 0), (3, 2), (-2, 1)])
def test_bounds_are_those_of_all_designs_and_the_first_design_that_has_them(
    seed: int, weights: tuple[int, int]
) -> None:
    drawing = Drawing(Random(seed))
    for _ in range(10):
        node = drawing.diagram()
        every = totals(node, weights)
        assert least(node, weights) == (min(every), every.index(min(every)))
        assert largest(node, weights) == (max(every), every.index(max(every)))


def test_diagrams_may_be_deep() -> None:
    assert least(deep(5_000), (1,)) == (1, 0)
    assert largest(deep(5_000), (1,)) == (10_001, 5_001)
