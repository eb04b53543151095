"""The criterion, at each of its thresholds."""

from __future__ import annotations

import math

import pytest

from archdsl.runtime.live.gradients import LayerGradient
from archdsl.runtime.live.verdicts import judge, overall


def _layers(*relative, unmoved=0.0):
    return [
        LayerGradient(str(n), "Linear", 9, 0.0, 1.0, r, unmoved) for n, r in enumerate(relative)
    ]


def _words(*relative, unmoved=0.0):
    return [verdict.word for verdict in judge(_layers(*relative, unmoved=unmoved))]


def test_a_ten_thousandth_of_the_last_is_still_fine():
    assert _words(1e-4, 1.0) == ["fine", "fine"]
    assert _words(0.9e-4, 1.0) == ["vanishing", "fine"]


def test_ten_thousand_times_the_last_is_not_yet_exploding():
    assert _words(10.0, 1e-3) == ["fine", "fine"]
    assert _words(11.0, 1e-3) == ["exploding", "fine"]


def test_ten_thousand_times_the_weights_are_not_yet_exploding():
    assert _words(1e4) == ["fine"]
    assert _words(1.1e4) == ["exploding"]


@pytest.mark.parametrize("odd", [math.nan, math.inf])
def test_what_is_not_finite_is_exploding(odd):
    assert _words(odd, 1.0) == ["exploding", "fine"]


def test_nine_idle_units_in_ten_are_not_yet_dead():
    assert _words(1.0, unmoved=0.9) == ["fine"]
    assert _words(1.0, unmoved=0.91) == ["dead"]


def test_no_gradient_at_all_is_dead_unless_it_faded():
    assert _words(0.0, 1.0, 1.0, 1.0) == ["dead", "fine", "fine", "fine"]
    assert _words(0.0, 1e-40, 1e-20, 1.0) == ["vanishing", "vanishing", "vanishing", "fine"]


def test_a_branch_that_starts_scaled_down_is_fine():
    assert _words(1.0, 1e-6, 1e-6, 1.0) == ["fine"] * 4
    reason = judge(_layers(1.0, 1e-6, 1e-6, 1.0))[1].reason
    assert reason == "1/1,000,000 of the last layers': a branch that starts scaled down"


def test_what_is_too_small_for_adam_vanishes_whatever_the_last_layers_get():
    small = [layer._replace(std=0.9e-10) for layer in _layers(1.0, 1.0)]
    assert [verdict.word for verdict in judge(small)] == ["vanishing"] * 2
    assert judge(small)[0].reason == "9.0e-11 in itself, too small for Adam"
    enough = [layer._replace(std=1.1e-10) for layer in small]
    assert overall(judge(enough)).word == "fine"


def test_a_gradient_that_grows_with_each_step_is_fine():
    first, last = _layers(1e-5, 1.0)
    assert overall(judge([first._replace(start=0.05), last])).word == "fine"
    assert overall(judge([first._replace(start=0.2), last])).word == "vanishing"


def test_a_branch_that_fades_layer_by_layer_vanishes():
    assert _words(1.0, 1e-6, 1e-5, 1e-3, 1.0)[1:3] == ["vanishing", "vanishing"]


def test_nothing_excuses_what_reaches_no_layer_before():
    assert _words(1e-6, 1e-6, 1.0)[:2] == ["vanishing", "vanishing"]


def test_the_worst_is_told_over_all():
    verdicts = judge(_layers(1e-9, 1e-3, 1e-2, 1.0))
    assert overall(verdicts) == ("vanishing", "in 1 of 4 layers")
    assert overall(judge(_layers(1.0))) == ("fine", "in all 1 layers")
    assert judge([]) == []
