"""The model behind ``surrogate``: distances count choices, guesses are those of scikit-learn."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct

from archdsl.evaluate.points import ContinuousPoint
from archdsl.searching.encoding import Encoding
from archdsl.searching.gaussian_process import NOISE, REACH, GaussianProcess
from archdsl.searching.moves import Choice
from archdsl.searching.strategies.surrogate import improvement, shares
from archdsl.source import Source, Span
from benchmarks.tables import Options

NOWHERE = Span(Source(""), 0, 0)


def _choice(path: str, *options: object) -> Choice:
    return Choice(path, options, Options(options))


RATE = Choice("rate", (), ContinuousPoint(1e-4, 1e-1, True, NOWHERE))
CHOICES = (_choice("op", "a", "b", "c"), _choice("on", True, False), _choice("width", 8, 16, 64))


def _apart(one: dict[str, object], other: dict[str, object], *choices: Choice) -> float:
    a, b = Encoding(choices)([one, other])
    return float(((a - b) ** 2).sum())


def test_designs_are_as_far_apart_as_the_choices_in_which_they_differ() -> None:
    one = {"op": "a", "on": True, "width": 8}
    assert _apart(one, one, *CHOICES) == 0
    assert _apart(one, {**one, "op": "c"}, *CHOICES) == pytest.approx(1)
    assert _apart(one, {**one, "op": "b", "on": False}, *CHOICES) == pytest.approx(2)


def test_options_in_an_order_are_nearer_where_they_lie_nearer() -> None:
    one = {"op": "a", "on": True, "width": 8}
    assert _apart(one, {**one, "width": 16}, *CHOICES) == pytest.approx(0.75)
    assert _apart(one, {**one, "width": 64}, *CHOICES) == pytest.approx(1)


def test_a_continuous_choice_counts_the_squared_distance_on_its_scale() -> None:
    assert _apart({"rate": 1e-4}, {"rate": 1e-1}, RATE) == pytest.approx(1)
    assert _apart({"rate": 1e-4}, {"rate": 1e-3}, RATE) == pytest.approx(1 / 9)


def test_a_choice_that_is_not_made_or_has_an_unknown_value_is_another_option() -> None:
    one = {"op": "a", "on": True, "width": 8}
    without = {"op": "a", "on": True}
    assert _apart(without, without, *CHOICES) == 0
    assert _apart(one, {"on": True, "width": 8}, *CHOICES) == pytest.approx(1)
    assert _apart(without, {**one, "width": 9}, *CHOICES) == 0
    assert _apart({"op": "a", "on": 1, "width": 8}, {"op": "a", "width": 8}, *CHOICES) == 0


def test_what_is_expected_is_what_scikit_learn_expects_of_the_same_kernel() -> None:
    random = Random(0)
    encoding = Encoding(CHOICES)
    drawn = [{c.path: random.choice(c.options) for c in CHOICES} for _ in range(30)]
    rows, asked = encoding(drawn[:15]), encoding(drawn[15:])
    values = [random.gauss(0, 1) for _ in range(15)]
    ours = GaussianProcess(rows, values, len(CHOICES))(asked)
    length = float(np.sqrt(REACH * len(CHOICES) / 2))
    linear = ConstantKernel(2 / len(CHOICES), "fixed") * DotProduct(0, "fixed")
    kernel = RBF(length, "fixed") + linear
    theirs = GaussianProcessRegressor(kernel, alpha=NOISE, optimizer=None).fit(rows, values)
    mean, deviation = theirs.predict(asked, return_std=True)
    assert ours.mean == pytest.approx(mean)
    assert ours.deviation == pytest.approx(deviation)


def test_expected_improvement_is_the_mean_of_what_is_better() -> None:
    random = Random(1)
    for ahead, deviation in ((0.0, 1.0), (-1.0, 0.5), (2.0, 0.3)):
        drawn = [max(random.gauss(ahead, deviation), 0) for _ in range(200_000)]
        assert improvement(ahead, deviation) == pytest.approx(sum(drawn) / len(drawn), abs=5e-3)


def test_shares_are_ranks_and_equal_values_share_theirs() -> None:
    assert shares([5.0, 1.0, 3.0, 3.0]) == [0.875, 0.125, 0.5, 0.5]
    assert shares([]) == []
