"""The baselines: from no learning at all to gradient boosting, through scikit-learn."""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from archdsl.runtime.live.arrays import Part, Scale, arrays_of
from archdsl.runtime.live.persistence import last_value, seasonal
from archdsl.types import Category, Inputs, Sequence, arguments, inputs, is_ids, numel, padding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from archdsl.runtime.live.arrays import Array, Parts
    from archdsl.types import TensorType

HIDDEN = 64
TREES, AT_A_TIME = 200, 20
COMPONENTS = 256  # of each of two inputs, among which correlations are looked for
CATEGORIES = 255  # that scikit-learn's trees tell apart in a column, at most
ROUNDS, STEPS = 20, 25  # of logistic regression: at most 500 steps


class Budget(NamedTuple):
    """What each candidate may use: passes over the data, and seconds."""

    epochs: int
    seconds: float
    batch: int


class Clock:
    """Seconds since it was made, and whether a budget is spent."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.start = time.perf_counter()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.start

    @property
    def is_over(self) -> bool:
        return self.seconds > self.budget.seconds


class Predict(Protocol):
    """A trained candidate: class numbers, or standardised targets, for inputs."""

    def __call__(self, x: Array, /) -> Array: ...


class Rung(Protocol):
    """Trains a candidate on a split within a budget."""

    def __call__(self, parts: Parts, budget: Budget, /) -> Predict: ...


def of_classes(takes: Any) -> dict[str, Rung]:
    """The baselines of what tells classes apart, simplest first, by name."""
    found: dict[str, Rung] = {
        "the commonest class": _constant,
        "logistic regression": _logistic,
        f"small MLP ({HIDDEN})": _mlp,
    }
    return _with_boosting(found, takes)


def of_numbers(takes: Any, series: int | None = 0) -> dict[str, Rung]:
    """The baselines of what predicts numbers, simplest first, by name; ``series`` is the place of
    the input that goes on, if it is a series."""
    mlp = {f"small MLP ({HIDDEN})": _mlp}
    found: dict[str, Rung] = {"the mean": _constant, "ridge regression": _ridge, **mlp}
    if series is not None and _goes_on(list(inputs(takes).values())[series]):
        found = {
            "the mean": _constant,
            "the last value": _of_one(last_value, series),
            "the value a season before": _of_one(seasonal, series),
            "ridge regression over the window": _ridge,
            **mlp,
        }
    return _with_boosting(found, takes)


def _goes_on(takes: TensorType) -> bool:
    """Whether an input is a series whose last value is at the same place in each row."""
    return isinstance(takes, Sequence) and takes.padded is None


def _of_one(rung: Rung, place: int) -> Rung:
    """A baseline that is given one of several inputs alone."""

    def trained(parts: Parts, budget: Budget) -> Predict:
        if not isinstance(parts.takes, Inputs):
            return rung(parts, budget)

        def alone(part: Part) -> Part:
            return Part(part.x[place], part.y)

        scales, target = parts.scaled
        scale = scales[place] if isinstance(scales, tuple) else scales
        assert isinstance(scale, Scale), "what goes on are numbers"
        predict = rung(
            parts._replace(
                takes=parts.takes.parts[place],
                training=alone(parts.training),
                validation=alone(parts.validation) if parts.validation is not None else None,
                test=alone(parts.test),
                scaled=(scale, target),
            ),
            budget,
        )
        return lambda x: predict(x[place])

    return trained


def of_labels(takes: Any) -> dict[str, Rung]:
    """The baselines of what scores labels, simplest first, by name; each label by itself, but for
    the MLP."""
    found: dict[str, Rung] = {
        "the commonest answer to each": _constant,
        "logistic regression of each": _each_label(_logistic),
        f"small MLP ({HIDDEN})": _mlp,
    }
    boosting = {"gradient boosting of each": _each_label(_boosting)}
    return {**found, **boosting} if _are_columns(takes) else found


def of_vectors(takes: Any, dimension: int) -> dict[str, Rung]:
    """The baselines of what tells what is alike, simplest first, by name."""
    return {
        "the inputs as they are": _as_they_are,
        f"principal components (at most {dimension:,})": _components(dimension),
        "linear discriminants": _discriminants,
    }


def of_pairs(dimension: int) -> dict[str, Rung]:
    """The baselines of what finds the partner of each of two inputs, simplest first, by name."""
    return {
        "all vectors alike": _all_alike,
        f"canonical correlations (at most {dimension:,})": _correlations(dimension),
    }


def _with_boosting(found: dict[str, Rung], takes: Any) -> dict[str, Rung]:
    return {**found, "gradient boosting": _boosting} if _are_columns(takes) else found


def _are_columns(takes: TensorType) -> bool:
    return all(one.kind in ("vector", "category") for one in inputs(takes).values())


def in_columns(x: Any, takes: TensorType) -> tuple[Array, list[bool]]:
    """The columns of a table as trees take them, numbers and ids, and which of them are taken for
    categories: of a larger vocabulary than trees tell apart, ids count as numbers."""
    import numpy as np

    each = [one.reshape(len(one), -1) for one in arrays_of(x)]
    kinds = [
        isinstance(part, Category) and part.vocab <= CATEGORIES
        for one, part in zip(each, inputs(takes).values(), strict=True)
        for _ in range(one.shape[1])
    ]
    return np.concatenate(each, 1), kinds


def flat(x: Any, takes: Any) -> Any:
    """A row of features for each sample: the numbers as they are, or how often each id comes; of
    several inputs beside each other."""
    import numpy as np

    if isinstance(x, tuple):
        given = dict(zip(arguments(takes), x, strict=True))
        told = inputs(takes).items()
        each = [_flat(given[name], one, _lengths(one, given)) for name, one in told]
        return _side_by_side(each) if _has_ids(takes) else np.concatenate(each, 1)
    return _flat(x, takes)


def _lengths(takes: TensorType, given: Mapping[str, Array]) -> Array | None:
    rows = padding(takes)
    return None if rows is None else given[rows.lengths]


def _flat(x: Array, takes: Any, lengths: Array | None = None) -> Any:
    """Of one input; the padding of rows of ids is not counted, that of numbers is 0."""
    import numpy as np

    if not is_ids(takes):
        return x.reshape(len(x), -1)
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    rows = np.repeat(np.arange(len(x)), numel(takes))
    counted = np.ones(x.shape, dtype="float32")
    if lengths is not None:
        counted[np.arange(x.shape[1]) >= lengths[:, None]] = 0
    return csr_matrix((counted.reshape(-1), (rows, x.reshape(-1))), shape=(len(x), takes.vocab))


def _side_by_side(each: list[Any]) -> Any:
    from scipy.sparse import csr_matrix, hstack

    return hstack([csr_matrix(one) for one in each], format="csr")


def _has_ids(takes: TensorType) -> bool:
    return any(map(is_ids, inputs(takes).values()))


def _each_label(rung: Rung) -> Rung:
    """A baseline for each label by itself; a label that is the same for all stays so."""

    def trained(parts: Parts, budget: Budget) -> Predict:
        import numpy as np

        columns = [parts._replace(training=one) for one in _by_column(parts.learned)]
        share = budget._replace(seconds=budget.seconds / len(columns))
        each = [
            rung(one._replace(validation=None), share) if np.ptp(one.training.y) else None
            for one in columns
        ]
        kept = [one.training.y[0] for one in columns]

        def predict(x: Array) -> Array:
            count, told = len(arrays_of(x)[0]), zip(each, kept, strict=True)
            return np.column_stack([one(x) if one else np.full(count, y) for one, y in told])

        return predict

    return trained


def _by_column(learned: Part) -> list[Part]:
    return [Part(learned.x, column) for column in learned.y.T]


def _as_they_are(parts: Parts, budget: Budget) -> Predict:
    return lambda x: _dense(flat(x, parts.takes))


def _components(dimension: int) -> Rung:
    def trained(parts: Parts, budget: Budget) -> Predict:
        from sklearn.decomposition import PCA

        x = _dense(flat(parts.learned.x, parts.takes))
        made = PCA(min(dimension, *x.shape), random_state=parts.seed).fit(x)
        return lambda x: _transformed(made, x, parts)

    return trained


def _discriminants(parts: Parts, budget: Budget) -> Predict:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    x = _dense(flat(parts.learned.x, parts.takes))
    made = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto").fit(x, parts.learned.y)
    return lambda x: _transformed(made, x, parts)


def _transformed(made: Any, x: Array, parts: Parts) -> Array:
    vectors: Array = made.transform(_dense(flat(x, parts.takes)))
    return vectors.astype("float32")


def _all_alike(parts: Parts, budget: Budget) -> Predict:
    import numpy as np

    return lambda x: np.ones((len(arrays_of(x)[0]), 2), dtype="float32")


def _correlations(dimension: int) -> Rung:
    """The directions in which both inputs vary together most, found among the principal components
    of each, by their singular values (Hotelling, 1936)."""

    def trained(parts: Parts, budget: Budget) -> Predict:
        import numpy as np
        from sklearn.decomposition import PCA

        sides = _sides(parts.learned.x, parts.takes)
        most = [min(COMPONENTS, len(x) // 2, x.shape[1]) for x in sides]
        made = [
            PCA(n, whiten=True, random_state=parts.seed).fit(x)
            for n, x in zip(most, sides, strict=True)
        ]
        white = [one.transform(x) for one, x in zip(made, sides, strict=True)]
        turned, shares, others = np.linalg.svd(white[0].T @ white[1] / len(white[0]))
        kept = min(dimension, len(shares))
        turns = [turned[:, :kept] * shares[:kept], others[:kept].T * shares[:kept]]

        def predict(x: Array) -> Array:
            told = zip(made, _sides(x, parts.takes), turns, strict=True)
            return np.hstack([one.transform(side) @ turn for one, side, turn in told])

        return predict

    return trained


def _sides(x: Any, takes: Any) -> list[Array]:
    """A row of features for each sample, of each input by itself."""
    given = dict(zip(arguments(takes), x, strict=True))
    told = inputs(takes).items()
    return [_dense(_flat(given[name], one, _lengths(one, given))) for name, one in told]


def _dense(x: Any) -> Array:
    dense: Array = x.toarray() if hasattr(x, "toarray") else x
    return dense


def _constant(parts: Parts, budget: Budget) -> Predict:
    from sklearn.dummy import DummyClassifier, DummyRegressor

    made = DummyClassifier() if parts.classes else DummyRegressor()
    return _fit(made, parts)


def _logistic(parts: Parts, budget: Budget) -> Predict:
    from sklearn.linear_model import LogisticRegression

    clock = Clock(budget)
    made = LogisticRegression(max_iter=STEPS, warm_start=True)
    predict = _fit(made, parts)
    for _ in range(ROUNDS - 1):
        if clock.is_over or made.n_iter_.max() < STEPS:
            break
        predict = _fit(made, parts)
    return predict


def _ridge(parts: Parts, budget: Budget) -> Predict:
    from sklearn.linear_model import Ridge, RidgeCV

    if _has_ids(parts.takes):
        return _fit(Ridge(), parts)
    return _fit(RidgeCV(alphas=(0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)), parts)


def _mlp(parts: Parts, budget: Budget) -> Predict:
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    clock = Clock(budget)
    batch = min(budget.batch, len(parts.learned.y))
    made: Any = (MLPClassifier if parts.classes else MLPRegressor)(
        hidden_layer_sizes=(HIDDEN,), batch_size=batch, random_state=parts.seed
    )
    x, y = flat(parts.learned.x, parts.takes), _column(parts.learned.y)
    for _ in range(budget.epochs):
        made.partial_fit(x, y, **_all_classes(parts))
        if clock.is_over:
            break
    return _predict(made, parts)


def _all_classes(parts: Parts) -> dict[str, Any]:
    import numpy as np

    y = parts.learned.y
    if not parts.classes:
        return {}
    return {"classes": np.arange(y.shape[1]) if y.ndim == 2 else np.unique(y)}


def _boosting(parts: Parts, budget: Budget) -> Predict:
    if parts.classes:
        return _boosted(parts, budget)
    import numpy as np

    columns = [parts._replace(training=one, validation=None) for one in _by_column(parts.learned)]
    each = [_boosted(one, budget) for one in columns]
    return lambda x: np.column_stack([predict(x) for predict in each])


def _boosted(parts: Parts, budget: Budget) -> Predict:
    """One model for one target, some trees at a time until the budget is spent."""
    from sklearn import ensemble

    name = "HistGradientBoosting" + ("Classifier" if parts.classes else "Regressor")
    clock, (x, categories) = Clock(budget), in_columns(parts.learned.x, parts.takes)
    made = getattr(ensemble, name)(
        max_iter=AT_A_TIME,
        warm_start=True,
        early_stopping=False,
        random_state=parts.seed,
        categorical_features=categories,
    )
    made.fit(x, parts.learned.y)
    while made.max_iter < TREES and not clock.is_over:
        made.max_iter += AT_A_TIME
        made.fit(x, parts.learned.y)
    return _predict(made, parts, lambda x, takes: in_columns(x, takes)[0])


def _fit(made: Any, parts: Parts) -> Predict:
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        made.fit(flat(parts.learned.x, parts.takes), _column(parts.learned.y))
    return _predict(made, parts)


def _predict(made: Any, parts: Parts, rows: Callable[[Any, Any], Any] = flat) -> Predict:
    def predict(x: Array) -> Array:
        found: Array = made.predict(rows(x, parts.takes))
        return found if parts.classes else found.reshape(len(found), *parts.learned.y.shape[1:])

    return predict


def _column(y: Array) -> Array:
    """Targets as scikit-learn wants them: a row for each sample, a single one without an axis."""
    rows = y.reshape(len(y), -1) if y.ndim > 2 else y
    column: Array = rows[:, 0] if rows.ndim == 2 and rows.shape[1] == 1 else rows
    return column
