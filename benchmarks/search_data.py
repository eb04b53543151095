"""Data for real searches: generated ones of a known structure, and what scikit-learn brings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from archdsl.api import judging_of, read
from archdsl.runtime.live.data.given import given
from archdsl.runtime.live.ladder import Budget
from archdsl.runtime.live.learning.splits import parted
from archdsl.runtime.live.tasks import live

ROWS = 2_000
STEPS, SYMBOLS = 24, 6
NODES, EDGES, GROUPS, FEATURES = 1_000, 6_000, 5, 16
WITHIN = 0.7  # of the edges join nodes of one group


def digits(folder: Path) -> str:
    """1,797 handwritten digits of 8x8."""
    return "sklearn:digits"


def table(folder: Path) -> str:
    """Friedman #1 (1991, "Multivariate Adaptive Regression Splines"): five features of ten matter,
    10 sin(pi a b) + 20 (c - 0.5)^2 + 10 d + 5 e, and noise of 1."""
    from sklearn.datasets import make_friedman1

    x, y = make_friedman1(ROWS, n_features=10, noise=1.0, random_state=0)
    return _kept(folder, X=x, y=y)


def series(folder: Path) -> str:
    """The temporal order problem (Hochreiter & Schmidhuber 1997, task 6b): three marks, each of two
    symbols, among 24 steps of others, all in noise; which came, in which order, is the class."""
    chance = np.random.default_rng(0)
    symbols = chance.integers(2, SYMBOLS, size=(ROWS, STEPS))
    marks, rows = chance.integers(2, size=(ROWS, 3)), np.arange(ROWS)
    for turn in range(3):
        symbols[rows, 8 * turn + chance.integers(6, size=ROWS)] = marks[:, turn]
    x = np.eye(SYMBOLS)[symbols]
    return _kept(folder, X=x + chance.normal(scale=0.3, size=x.shape), y=marks @ (4, 2, 1))


def graph(folder: Path) -> str:
    """A stochastic block model (Holland et al. 1983): five groups of nodes, seven edges in ten
    within a group; the features of a node tell its group but faintly."""
    chance = np.random.default_rng(0)
    groups = np.arange(NODES) % GROUPS
    features = chance.normal(size=(GROUPS, FEATURES))[groups] * 0.25
    features += chance.normal(size=features.shape)
    edges: set[tuple[int, int]] = set()
    while len(edges) < EDGES // 2:
        a = int(chance.integers(NODES))
        is_within = chance.random() < WITHIN
        others = np.flatnonzero((groups == groups[a]) == is_within)
        b = int(chance.choice(others))
        if a != b:
            edges.add((min(a, b), max(a, b)))
    one_way = np.array(sorted(edges)).T
    both = np.concatenate([one_way, one_way[::-1]], axis=1)
    return _kept(folder, x=features, edge_index=both, y=groups)


def text(folder: Path) -> str:
    """What scikit-learn says of its data sets, 43,000 characters of English."""
    import sklearn

    pages = sorted((Path(sklearn.__file__).parent / "datasets" / "descr").glob("*.rst"))
    whole = "\n".join(page.read_text("utf-8") for page in pages)
    plain = "".join(letter for letter in whole if letter == "\n" or " " <= letter <= "~")
    (folder / "text.txt").write_text(plain, encoding="utf-8")
    return str(folder / "text.txt")


def boosted(data: str, spec: str, seed: int) -> float:
    """The error of gradient boosting (scikit-learn's HistGradientBoostingRegressor) on the samples
    for testing, with those for validation to learn from besides, in standard deviations."""
    clauses = judging_of(read(spec), "Table").program.clauses
    found: Any = given(data, clauses.data, clauses.task)
    parts = parted(found, seed)
    baselines = live(clauses.task).baselines(found.takes)
    predict = baselines["gradient boosting"](parts, Budget(1, 60.0, 64))
    return float(np.sqrt(np.mean((predict(parts.test.x) - parts.test.y) ** 2)))


def _kept(folder: Path, **arrays: Any) -> str:
    np.savez(folder / "data.npz", **arrays)
    return str(folder / "data.npz")
