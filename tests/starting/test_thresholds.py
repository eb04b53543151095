"""The decision tree forks where the principles do."""

from __future__ import annotations

import pytest

from archdsl.rules.catalog import find
from archdsl.starting import thresholds


@pytest.mark.parametrize(
    ("rule", "setting", "ours"),
    [
        ("recurrence_too_long", "warning", thresholds.FEW_STEPS),
        ("dense_attention_too_long", "warning", thresholds.MANY_TOKENS),
        ("attention_on_little_data", "warning", thresholds.ATTENTION_SAMPLES),
        ("more_than_needed", "linear", thresholds.LINEAR_ROWS),
        ("more_than_needed", "small", thresholds.SMALL_ROWS),
    ],
)
def test_a_fork_is_the_threshold_of_its_principle(rule: str, setting: str, ours: float) -> None:
    found = find(rule)
    assert found is not None
    assert found.thresholds[setting] == ours
