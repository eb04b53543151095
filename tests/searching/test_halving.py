"""Trials that are behind are stopped, those ahead are not."""

from __future__ import annotations

from random import Random

import pytest

from archdsl.searching.halving import Halving


def run(halving: Halving, finals: list[float], epochs: int = 27) -> list[int]:
    """How many epochs each trial ran: one after the other, each improving towards its end."""
    curves: dict[int, dict[int, float]] = {}
    ran = []
    for number, final in enumerate(finals):
        for epoch in range(1, epochs + 1):
            curves.setdefault(number, {})[epoch] = final * epoch / epochs
            if halving.stops(number, epoch, curves):
                break
        ran.append(max(curves[number]))
    return ran


def test_the_first_trial_is_not_stopped() -> None:
    assert run(Halving("maximize"), [0.1]) == [27]


def test_trials_are_stopped_at_rungs_alone() -> None:
    random = Random(0)
    ran = run(Halving("maximize"), [random.random() for _ in range(100)])
    assert set(ran) <= {1, 3, 9, 27}
    assert ran.count(1) > 50


def test_the_best_comes_to_its_end() -> None:
    random = Random(1)
    finals = [random.random() for _ in range(60)]
    for direction, best in (("maximize", max(finals)), ("minimize", min(finals))):
        assert run(Halving(direction), finals)[finals.index(best)] == 27


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_about_one_in_factor_goes_on_from_a_rung(factor: int) -> None:
    random = Random(2)
    finals = [random.random() for _ in range(400)]
    ran = run(Halving("maximize", factor=factor), finals, epochs=factor)
    assert sum(epochs > 1 for epochs in ran) == pytest.approx(400 / factor, rel=0.25)


def test_trials_alike_all_go_on() -> None:
    assert run(Halving("maximize"), [0.5] * 10) == [27] * 10


def test_a_later_bracket_stops_later_and_compares_its_own() -> None:
    random = Random(3)
    finals = [random.random() for _ in range(90)]
    ran = run(Halving("maximize", brackets=3), finals)
    stopped = [{epochs for epochs in ran[bracket::3] if epochs < 27} for bracket in range(3)]
    assert [min(some) for some in stopped] == [1, 3, 9]
    alone = run(Halving("maximize", first=9), finals[2::3])
    assert ran[2::3] == alone
