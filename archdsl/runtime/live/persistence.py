"""Baselines of forecasting that learn next to nothing: steps of the window, as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.runtime.live.arrays import Scale

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.runtime.live.arrays import Array, Parts

    Predict = Callable[[Array], Array]


def last_value(parts: Parts, budget: object) -> Predict:
    """The last step of the window stays as it is: for each target of the feature that comes
    nearest (the naive forecast of Hyndman and Athanasopoulos 2021, Forecasting, section 5.2)."""
    return _together([_repeated(one, season=1) for one in _targets(parts)], parts)


def seasonal(parts: Parts, budget: object) -> Predict:
    """What was a season before comes again: the seasonal naive forecast of the same section. The
    season is the number of steps with which it comes nearest, of the feature that does so where
    there are not too many."""
    return _together([_of_best_season(one) for one in _targets(parts)], parts)


def _of_best_season(target: _Target) -> Predict:
    _, length, features = target.x.shape
    some = range(features) if features * length <= MOST else (target.feature,)
    told = [
        _repeated(target._replace(feature=feature), season)
        for feature in some
        for season in range(1, length + 1)
    ]
    return min(told, key=lambda predict: _missed(target, predict))


MOST = 2_000  # features and seasons that are tried together


class _Target(NamedTuple):
    """One number to be told at some steps: the windows and steps to learn from, what both were
    standardised by, and the feature whose last value comes nearest."""

    x: Array
    y: Array
    window: Scale
    answer: Scale
    feature: int


def _targets(parts: Parts) -> list[_Target]:
    """Each target of a forecast, samples x steps (x targets)."""
    window, answer = parts.scaled
    assert isinstance(window, Scale), "a series is the only input here"
    assert answer is not None
    x, y = parts.learned
    if y.ndim == 2:
        return [_nearest(x, y, window, answer)]
    return [
        _nearest(x, y[..., n], window, Scale(answer.mean[..., n], answer.deviation[..., n]))
        for n in range(y.shape[2])
    ]


def _nearest(x: Array, y: Array, window: Scale, answer: Scale) -> _Target:
    told = [_Target(x, y, window, answer, feature) for feature in range(x.shape[2])]
    return min(told, key=lambda one: _missed(one, _repeated(one, season=1)))


def _together(each: list[Predict], parts: Parts) -> Predict:
    import numpy as np

    if parts.learned.y.ndim == 2:
        return each[0]
    return lambda x: np.stack([predict(x) for predict in each], axis=-1)


def _missed(target: _Target, predict: Predict) -> float:
    """The mean square of what a forecast misses."""
    return float(((predict(target.x) - target.y) ** 2).mean())


def _repeated(target: _Target, season: int) -> Predict:
    """The last season of the window, again and again for as many steps as are asked for. In the
    data's own units: a step of a window and a target are standardised by themselves."""
    import numpy as np

    def predict(x: Array) -> Array:
        steps = x.shape[1] - season + np.arange(target.answer.mean.shape[-1]) % season
        told = target.window.restored(x)[:, steps, target.feature]
        return target.answer.standardised(told)

    return predict
