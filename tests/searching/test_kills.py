"""Searches survive being killed and stopped at random moments; see `tests/searching/kills.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.searching.kills import disturbed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_a_few_kills_change_nothing(tmp_path: Path) -> None:
    assert disturbed(tmp_path, kills=6, trials=16, seed=1).startswith("6 disturbances")


@pytest.mark.slow
def test_more_kills_change_nothing(tmp_path: Path) -> None:
    """For 200 of them: `python -m tests.searching.kills --kills 200`."""
    assert disturbed(tmp_path, kills=8, trials=16, seed=2).startswith("8 disturbances")
