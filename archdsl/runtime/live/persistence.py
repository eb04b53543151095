"""Baselines of forecasting that learn next to nothing: steps of the window, as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.runtime.live.arrays import Array, Parts

    Predict = Callable[[Array], Array]


def last_value(parts: Parts, budget: object) -> Predict:
    """The last step of the window stays as it is: of the feature that comes nearest, where there
    are many (the naive forecast of Hyndman and Athanasopoulos 2021, Forecasting, section 5.2)."""
    return _repeated(parts, _feature(parts), season=1)


def seasonal(parts: Parts, budget: object) -> Predict:
    """What was a season before comes again: the seasonal naive forecast of the same section. The
    season is the number of steps with which it comes nearest."""
    feature, length = _feature(parts), parts.learned.x.shape[1]
    seasons = range(1, length + 1)
    best = min(seasons, key=lambda season: _missed(parts, _repeated(parts, feature, season)))
    return _repeated(parts, feature, best)


def _feature(parts: Parts) -> int:
    """The feature whose last value comes nearest to the targets."""
    features = range(parts.learned.x.shape[2])
    return min(features, key=lambda feature: _missed(parts, _repeated(parts, feature, season=1)))


def _missed(parts: Parts, predict: Predict) -> float:
    """The mean square of what a forecast misses."""
    x, y = parts.learned
    return float(((predict(x) - y) ** 2).mean())


def _repeated(parts: Parts, feature: int, season: int) -> Predict:
    """The last season of the window, again and again for as many steps as are asked for. In the
    data's own units: a step of a window and a target are standardised by themselves."""
    import numpy as np

    window, answer = parts.scaled
    assert window is not None
    assert answer is not None

    def predict(x: Array) -> Array:
        steps = x.shape[1] - season + np.arange(answer.mean.shape[-1]) % season
        return answer.standardised(window.restored(x)[:, steps, feature])

    return predict
