"""The weights of the best trials are kept, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.searching.events import Begun, Ended
from archdsl.searching.records import Objective, Tried
from archdsl.searching.weights import Weights

if TYPE_CHECKING:
    from pathlib import Path

ACCURACY = Objective("accuracy", "maximize", ("accuracy",))
PARAMS = Objective("params", "minimize")


def _trained(folder: Path, number: int, *values: float) -> Tried:
    place = folder / "trials" / f"{number:05}"
    place.mkdir(parents=True)
    (place / "weights.safetensors").touch()
    return Tried(number, {}, str(number), "complete", values)


def _kept(folder: Path) -> set[int]:
    return {int(path.parent.name) for path in folder.rglob("weights.safetensors")}


def test_the_ten_best_are_kept(tmp_path: Path) -> None:
    weights = Weights(tmp_path, (ACCURACY,))
    for number in range(25):
        weights(Ended(_trained(tmp_path, number, number * 7 % 25)))
    best = sorted(range(25), key=lambda number: number * 7 % 25)[-10:]
    assert _kept(tmp_path) == set(best)


def test_the_front_is_kept_whole_and_what_was_there_before_counts(tmp_path: Path) -> None:
    front = tuple(_trained(tmp_path, number, number, number) for number in range(15))
    weights = Weights(tmp_path, (ACCURACY, PARAMS))
    weights(Begun(front, None, None, 1))
    assert _kept(tmp_path) == set(range(15))
    weights(Ended(_trained(tmp_path, 15, 20, 0)))  # better than all in both
    assert _kept(tmp_path) == {15, *range(6, 15)}


def test_trials_that_failed_are_none_of_its_business(tmp_path: Path) -> None:
    weights = Weights(tmp_path, (ACCURACY,))
    weights(Ended(Tried(0, {}, "0", "failed")))
    assert weights.kept == {}
