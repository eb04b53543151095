"""Trials on a graphics card, where there is one: shared, of their own, and out of memory."""

from __future__ import annotations

import json
import os
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import torch

from archdsl.searching.supervising.devices import VISIBLE, visible
from tests.searching.searches import searched

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no graphics card")

HERE = "tests.searching.test_on_a_card"
GREED = 2**43  # bytes, more than any card has


def busy(trial: Any) -> dict[str, float]:
    """A second on the card, with a note of when and where."""
    module = trial.module().cuda()
    began = time.time()
    while time.time() < began + 1:
        loss = module(torch.randn(2, 3, 32, 32, device="cuda")).square().mean()
        loss.backward()
    told = (began, time.time(), os.environ[VISIBLE], torch.cuda.device_count())
    (trial.folder / "note.json").write_text(json.dumps(told), encoding="utf-8")
    return {"accuracy": float(loss.is_cuda)}


def greedy(trial: Any) -> dict[str, float]:
    if trial.number % 2:
        torch.empty(GREED, dtype=torch.uint8, device="cuda")
    return {"accuracy": torch.ones(1, device="cuda").item()}


def _noted(run: Path) -> list[Any]:
    return sorted(json.loads(path.read_text()) for path in run.rglob("note.json"))


def _overlaps(noted: list[Any]) -> int:
    """How many began while the one before them was at work."""
    return sum(after[0] < before[1] for before, after in pairwise(noted))


def _on_one_card(monkeypatch: pytest.MonkeyPatch) -> str:
    (card, *_) = visible()
    monkeypatch.setenv(VISIBLE, card)
    return card


def test_two_trials_share_a_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = _on_one_card(monkeypatch)
    asked: dict[str, Any] = {"trials": 4, "workers": 2, "isolated": True, "gpus": 0.5}
    found = searched(tmp_path / "run", f"{HERE}:busy", **asked)
    assert [trial.metrics["accuracy"] for trial in found.trials] == [1.0] * 4
    noted = _noted(tmp_path / "run")
    assert {(name, count) for _, _, name, count in noted} == {(card, 1)}
    assert _overlaps(noted)


def test_a_trial_may_have_the_card_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _on_one_card(monkeypatch)
    asked: dict[str, Any] = {"trials": 3, "workers": 2, "isolated": True, "gpus": 1}
    found = searched(tmp_path / "run", f"{HERE}:busy", **asked)
    assert len(found.complete) == 3
    assert not _overlaps(_noted(tmp_path / "run"))


def test_a_full_card_is_recorded_and_the_search_goes_on(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"trials": 4, "workers": 1, "isolated": True}
    found = searched(tmp_path / "run", f"{HERE}:greedy", **asked)
    assert [trial.state for trial in found.trials] == ["complete", "failed"] * 2
    for trial in found.trials:
        if trial.failure:
            assert trial.failure.kind == "memory"
            assert "CUDA out of memory" in trial.failure.reason
