"""Where a search stands follows from what it tells of itself."""

from __future__ import annotations

import pytest

from archdsl.searching.events import Again, Begun, Ended, Reported, Started
from archdsl.searching.records import Objective, Tried
from archdsl.searching.tally import Tally

ACCURACY = Objective("accuracy", "maximize", ("accuracy",))
PARAMS = Objective("params", "minimize")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _tried(number: int, *values: float, state: str = "complete") -> Tried:
    return Tried(number, {}, str(number), state, values or None)  # type: ignore[arg-type]


def test_the_rate_is_of_this_call_and_the_end_follows_from_it() -> None:
    clock = Clock()
    tally = Tally((ACCURACY,), clock)
    tally(Begun((_tried(0, 0.5), _tried(1, state="failed")), 12, None, 2))
    assert (tally.over, tally.rate, tally.left) == (2, None, None)
    tally(Started(_tried(2)))
    tally(Reported(2, 3, {"accuracy": 0.7}))
    assert tally.running == {2: 3}
    clock.now += 10
    tally(Ended(_tried(2, 0.75)))
    tally(Ended(_tried(3, 0.7)))
    assert tally.running == {}
    assert tally.rate == pytest.approx(0.2)
    assert tally.left == pytest.approx((12 - 4) / 0.2)
    assert tally.best is not None
    assert tally.best.number == 2
    assert tally.states == {"complete": 3, "failed": 1}


def test_what_ends_first_is_told_trials_or_time() -> None:
    clock = Clock()
    tally = Tally((ACCURACY,), clock)
    tally(Begun((), 100, 60.0, 1))
    assert tally.left == 60
    clock.now += 20
    tally(Ended(_tried(0, 0.5)))
    assert tally.left == 40
    for number in range(1, 96):
        tally(Ended(_tried(number, 0.5)))
    assert tally.left == pytest.approx(4 / (96 / 20))


def test_of_several_objectives_it_keeps_the_front() -> None:
    tally = Tally((ACCURACY, PARAMS))
    for number, values in enumerate([(0.5, 100.0), (0.6, 200.0), (0.55, 300.0), (0.6, 90.0)]):
        tally(Ended(_tried(number, *values)))
    assert [one.number for one in tally.front] == [3]


def test_trials_that_are_tried_once_more_are_counted() -> None:
    tally = Tally((ACCURACY,))
    tally(Again(_tried(0), "its process was killed"))
    assert tally.again == 1
    assert tally.over == 0
