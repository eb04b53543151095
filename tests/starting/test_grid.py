"""Every cell of a grid of descriptions gets a design that passes every principle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archdsl import api
from archdsl.starting.writing import first_design
from tests.starting.grid import cells, named
from tests.starting.judged import judged
from tests.thinning import thinned

if TYPE_CHECKING:
    from archdsl.starting.description import Description

CELLS = cells()
SOME_FAST = [
    pytest.param(data, marks=[] if place % 4 == 0 else [pytest.mark.slow])
    for place, data in enumerate(thinned(CELLS, 3))
]
# Said of baselines by design: what they are blind to (P101, P103), that they are small for much
# data (P502); and of any design between a safe and a warned number of parameters (P501).
UNAVOIDABLE = {"P101", "P103", "P501", "P502"}


def test_the_grid_has_at_least_200_cells() -> None:
    assert len(CELLS) >= 200


@pytest.mark.parametrize("data", SOME_FAST, ids=named)
def test_a_first_design_breaks_no_principle(data: Description) -> None:
    text = first_design(data)
    designs = judged(text)
    assert [told for one in designs for told in one.told("error", "warning")] == []
    notes = {found.code for one in designs for found in one.findings}
    assert notes <= UNAVOIDABLE
    assert api.format(text) == text


@pytest.mark.parametrize("data", CELLS[:: len(CELLS) // 12], ids=named)
def test_check_finds_no_errors_in_a_first_design(data: Description) -> None:
    assert api.check(first_design(data)).ok
