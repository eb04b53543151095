"""The baselines of forecasting: steps of the window, as they are."""

from __future__ import annotations

import numpy as np
import pytest

from archdsl import types
from archdsl.runtime.live.data.fitting import Fitted
from archdsl.runtime.live.ladder import Budget, of_classes, of_numbers
from archdsl.runtime.live.learning.splits import parted

BUDGET = Budget(1, 1.0, 8)


def forecast(name, windows, targets):
    """Answers of a baseline for the samples for testing, beside what was asked, in raw units."""
    takes = types.Sequence(*windows.shape[1:])
    parts = parted(Fitted("made", takes, windows.astype("float32"), targets, 0), 0, False)
    found = of_numbers(takes)[name](parts, BUDGET)(parts.test.x)
    scale = parts.scaled[1]
    return scale.restored(found), scale.restored(parts.test.y)


def test_the_last_value_is_that_of_the_window_in_the_units_of_the_data():
    random = np.random.default_rng(0)
    walk = 100 + np.cumsum(random.normal(size=(200, 13)), axis=1)
    other = random.normal(size=(200, 12))
    windows = np.stack([other, walk[:, :12]], axis=2)
    found, asked = forecast("the last value", windows, walk[:, 12:])
    steps = (asked - found)[:, 0]
    assert np.std(steps) == pytest.approx(1, abs=0.25)  # a step of the walk, and no more
    assert abs(np.mean(steps)) < 0.4


def test_the_season_is_found_and_comes_again():
    random = np.random.default_rng(1)
    steps = np.arange(24) + random.integers(7, size=(200, 1))
    season = np.array([3, 1, 4, 1, 5, 9, 2.0])[steps % 7] + 0.01 * random.normal(size=(200, 24))
    found, asked = forecast("the value a season before", season[:, :14, None], season[:, 14:])
    assert np.abs(found - asked).max() < 0.1  # ten steps ahead, over more than a season


def test_a_line_over_the_window_and_both_stand_in_the_ladder_of_a_forecast_alone():
    names = list(of_numbers(types.Sequence(12, 2)))
    assert names[1:4] == [
        "the last value",
        "the value a season before",
        "ridge regression over the window",
    ]
    assert "the last value" not in of_classes(types.Sequence(12, 2))
    assert "the last value" not in of_numbers(types.Vector(12))
