"""What a trial takes besides its evaluation is little, and less than with Optuna alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import trials

if TYPE_CHECKING:
    from pathlib import Path

MOST = 20  # milliseconds a trial


@pytest.mark.slow
def test_a_trial_takes_less_than_20_ms_and_less_than_optunas(tmp_path: Path) -> None:
    ours = min(trials.ours(tmp_path / f"ours{i}", 100).whole for i in range(3))
    theirs = min(trials.optuna_alone(tmp_path / f"o{i}", 100, tuned=True).whole for i in range(3))
    assert ours < MOST
    assert ours < theirs
