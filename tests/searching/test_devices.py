"""GPUs are shared out to workers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.searching.supervising.devices import VISIBLE, Devices, visible
from archdsl.searching.troubles import SearchError
from tests.searching.searches import searched

if TYPE_CHECKING:
    from pathlib import Path


def test_each_trial_has_its_own() -> None:
    devices = Devices(("0", "1", "2", "3"), 2)
    assert devices.room == 2
    assert devices.take(0) == ("0", "1")
    assert devices.take(1) == ("2", "3")
    devices.give_back(0)
    assert devices.take(2) == ("0", "1")


def test_several_trials_may_share_one() -> None:
    devices = Devices(("0", "1"), 0.5)
    assert devices.room == 4
    given = [devices.take(number) for number in range(4)]
    assert sorted(given) == [("0",), ("0",), ("1",), ("1",)]
    devices.give_back(given.index(("1",)))
    assert devices.take(9) == ("1",)


def test_what_is_visible_is_what_cuda_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VISIBLE, "3, GPU-5a")
    assert visible() == ("3", "GPU-5a")
    monkeypatch.setenv(VISIBLE, "-1")
    assert visible() == ()


def telling(trial: Any) -> dict[str, float]:
    """Which GPU its process was told of."""
    return {"accuracy": float(os.environ[VISIBLE])}


def test_workers_see_their_own_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VISIBLE, "7,8")
    asked: dict[str, Any] = {"trials": 4, "workers": 5, "isolated": True, "gpus": 1}
    found = searched(tmp_path / "run", "tests.searching.test_devices:telling", **asked)
    assert {trial.metrics["accuracy"] for trial in found.trials} == {7.0, 8.0}


def test_more_than_there_are_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VISIBLE, "0")
    with pytest.raises(SearchError, match="E932: a trial needs 2 GPUs, this machine has 1"):
        searched(tmp_path / "run", gpus=2, isolated=True)
