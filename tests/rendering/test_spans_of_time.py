"""How long something takes is told in two units at most."""

from __future__ import annotations

import pytest

from archdsl.rendering.spans_of_time import lasting


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 ms"),
        (0.0304, "30 ms"),
        (3.21, "3.2 s"),
        (12, "12 s"),
        (59.7, "1 min"),
        (250, "4 min 10 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (3 * 86_400 + 4 * 3_600 + 59, "3 d 4 h"),
    ],
)
def test_it_is_told_in_the_units_that_fit(seconds: float, told: str) -> None:
    assert lasting(seconds) == told
