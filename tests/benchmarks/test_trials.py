"""What a trial takes besides its evaluation is told beside Optuna alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import trials

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_trials_are_timed_beside_optunas(tmp_path: Path) -> None:
    assert trials.ours(tmp_path / "ours", 20).whole > 0
    assert trials.optuna_alone(tmp_path / "alone", 20, tuned=True).whole > 0
