"""Data sets to judge first designs by: those that come with packages, and made ones whose structure
is known. Each has a description, as a person gives it to `archdsl new`, and a design as one usually
writes it by hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from archdsl.starting.description import Description

if TYPE_CHECKING:
    from collections.abc import Callable

    Array = np.ndarray[Any, Any]
    Arrays = tuple[Array, ...]

DATA: dict[str, DataSet] = {}


@dataclass(frozen=True)
class DataSet:
    """``arrays`` are inputs and targets; of graphs nodes, edges, targets, and the graph of each
    node where there are many. ``usual`` is the ``train`` clause and the ``model`` of a design as
    one usually writes it. ``source`` is where it comes from."""

    kind: str
    source: str
    arrays: Callable[[], Arrays]
    task: str
    usual: str
    blocks: str = ""

    @property
    def description(self) -> Description:
        x, *others = self.arrays()
        y = others[-1] if self.kind != "graph" else others[1]
        targets = (
            len(np.unique(y)) if self.task == "classify" else int(y.reshape(len(y), -1).shape[1])
        )
        if self.kind == "graph":
            return _graph_description(x, others, targets)
        sizes = (x.shape[1], int(x.max()) + 1) if self.kind == "tokens" else x.shape[1:]
        return Description(self.kind, tuple(map(int, sizes)), len(x), self.task, targets)


def _graph_description(x: Array, others: list[Array], targets: int) -> Description:
    edges, y = others[0], others[1]
    many = len(others) > 2
    count = len(y) if many else 1
    sizes = (x.shape[1], round(len(x) / count), round(edges.shape[1] / count))
    return Description("graph", sizes, len(y), targets=targets, many_graphs=many)


def data_set(
    name: str, kind: str, source: str, usual: str, task: str = "classify"
) -> Callable[[Callable[[], Arrays]], Callable[[], Arrays]]:
    """Enters what a function gives."""

    def enter(made: Callable[[], Arrays]) -> Callable[[], Arrays]:
        DATA[name] = DataSet(kind, source, cache(made), task, usual.strip())
        return made

    return enter


def chance(number: int) -> np.random.Generator:
    return np.random.default_rng(1_000 + number)


# What comes with scikit-learn and with Python.


def _of_sklearn(name: str) -> Arrays:
    from sklearn import datasets

    found: Any = getattr(datasets, f"load_{name}")()
    return found.data, found.target


CNN = """
train adam(batch=64, lr=0.001, epochs=30)
model = conv(32, 3) -> relu -> conv(64, 3) -> relu -> max_pool(2) -> dropout(0.25) -> flatten
        -> linear(128) -> relu -> dropout(0.5) -> linear(classes)
"""  # that of Keras's and PyTorch's first example, for MNIST
MLP = """
train adam(batch=32, lr=0.001, epochs=100)
model = linear(64) -> relu -> linear(64) -> relu -> linear({classes})
"""
LSTM = """
train adam(batch=64, lr=0.001, epochs=50)
model = lstm(64) -> last -> linear({classes})
"""


@data_set("digits", "image", "scikit-learn", CNN)
def _digits() -> Arrays:
    x, y = _of_sklearn("digits")
    return x.reshape(-1, 1, 8, 8), y


@data_set("breast cancer", "table", "scikit-learn", MLP)
def _breast_cancer() -> Arrays:
    return _of_sklearn("breast_cancer")


@data_set("wine", "table", "scikit-learn", MLP)
def _wine() -> Arrays:
    return _of_sklearn("wine")


@data_set("diabetes", "table", "scikit-learn", MLP, "regress")
def _diabetes() -> Arrays:
    return _of_sklearn("diabetes")


TEXT = """
train adam(batch=64, lr=0.001, epochs=15)
model = embedding(64) -> lstm(64) -> last -> linear(classes)
"""


@data_set("topics of Python's manual", "tokens", "Python's pydoc_data", TEXT)
def _topics() -> Arrays:
    """From which of five topics of the manual do 40 words in a row come?"""
    import re
    from collections import Counter
    from pydoc_data.topics import topics

    chosen = sorted(topics, key=lambda name: (-len(topics[name]), name))[:5]
    texts = [re.findall(r"[a-z]+", topics[name].lower())[:8_000] for name in chosen]
    common = [
        word for word, _ in Counter(word for words in texts for word in words).most_common(999)
    ]
    place = {word: number for number, word in enumerate(common, 1)}
    x, y = [], []
    for label, words in enumerate(texts):
        ids = [place.get(word, 0) for word in words]
        parts = [ids[at : at + 40] for at in range(0, len(ids) - 39, 40)]
        x += parts
        y += [label] * len(parts)
    return np.array(x), np.array(y)


# Made, with a structure that is known.


@data_set("steps and products", "table", "made: trees", MLP)
def _steps() -> Arrays:
    """Rows whose class changes in steps of three of twelve features, two skewed: made for trees."""
    random = chance(0)
    x = random.normal(size=(3_000, 12))
    x[:, :2] = np.exp(2 * x[:, :2])
    votes = (x[:, 0] > 1).astype(int) + ((x[:, 1] > 2) ^ (x[:, 2] > 0)) + (np.abs(x[:, 3]) > 1)
    flipped = random.random(len(x)) < 0.05
    return x, (votes >= 2) ^ flipped


@data_set("Friedman's function", "table", "Friedman 1991, scikit-learn", MLP, "regress")
def _friedman() -> Arrays:
    from sklearn.datasets import make_friedman1

    x, y = make_friedman1(3_000, noise=1.0, random_state=0)
    return x, y


@data_set("house prices", "table", "made: linear", MLP, "regress")
def _houses() -> Arrays:
    """1,000 rows of 20 features, the price a line in them but for noise."""
    random = chance(1)
    x = random.normal(size=(1_000, 20))
    return x, x @ random.normal(size=20) + 2 * random.normal(size=1_000)


PHOTOS = """
train adam(batch=64, lr=0.001, epochs=40)
model = conv(32, 3) -> relu -> max_pool(2) -> conv(64, 3) -> relu -> max_pool(2) -> flatten
        -> linear(64) -> relu -> linear(classes)
"""


@data_set("coloured shapes", "image", "made: shapes", PHOTOS)
def _shapes() -> Arrays:
    """Discs, squares, crosses and rings of any colour, place and size, in noise."""
    random = chance(2)
    count, side = 1_200, 16
    grid = np.mgrid[:side, :side]
    x = np.empty((count, 3, side, side))
    y = random.integers(4, size=count)
    for number, label in enumerate(y):
        middle = random.uniform(5, side - 6, size=2)
        down, right = np.abs(grid - middle[:, None, None])
        size, far = random.uniform(3, 5), np.hypot(down, right)
        thin, square = np.minimum(down, right) < 1, np.maximum(down, right) < size
        shape = (far < size, square, thin & square, (far < size) & (far > size - 1.6))[label]
        ground, colour = random.normal(size=(2, 3, 1, 1))
        x[number] = np.where(shape, colour, ground) + 0.4 * random.normal(size=(3, side, side))
    return x, y


VOLUMES = """
train adam(batch=32, lr=0.001, epochs=30)
model = conv(16, 3) -> relu -> max_pool(2) -> conv(32, 3) -> relu -> max_pool(2) -> flatten
        -> linear(64) -> relu -> linear(classes)
"""


@data_set("bodies in scans", "volume", "made: solids", VOLUMES)
def _solids() -> Arrays:
    """Balls, shells and cubes in noise, at any place."""
    random = chance(3)
    count, side = 600, 12
    grid = np.mgrid[:side, :side, :side]
    x, y = np.empty((count, 1, side, side, side)), random.integers(3, size=count)
    for number, label in enumerate(y):
        off = np.abs(grid - random.uniform(4, side - 5, size=3)[:, None, None, None])
        far, size = np.sqrt((off**2).sum(0)), random.uniform(3, 4)
        shape = (far < size, (far < size) & (far > size - 1.5), off.max(0) < size * 0.8)[label]
        x[number, 0] = shape + 0.7 * random.normal(size=(side, side, side))
    return x, y


@data_set("control charts", "series", "Alcock and Manolopoulos 1999", LSTM)
def _charts() -> Arrays:
    """Six kinds of control charts of 60 steps: normal, cyclic, rising, falling, up, down."""
    random = chance(4)
    count, steps = 600, np.arange(60)
    y = np.arange(count) % 6
    x = random.uniform(-3, 3, size=(count, 60))
    for row, label in zip(x, y, strict=True):
        jump = random.uniform(7.5, 20) * (steps > random.integers(20, 40))
        slope = random.uniform(0.2, 0.5) * steps
        cycle = random.uniform(10, 15) * np.sin(2 * np.pi * steps / random.uniform(10, 15))
        row += (0, cycle, slope, -slope, jump, -jump)[label]
    return x[:, :, None], y


FCN = """
train adam(batch=32, lr=0.001, epochs=50)
model = conv_bn_act(128, 8) -> conv_bn_act(256, 5) -> conv_bn_act(128, 3) -> global_avg_pool
        -> linear(classes)
"""  # Wang et al. 2017, arXiv:1611.06455


@data_set("cylinder, bell, funnel", "series", "Saito 1994", FCN)
def _funnels() -> Arrays:
    """Plateaus, ramps up and ramps down of 128 steps, begin and end anywhere."""
    random = chance(5)
    count, steps = 600, np.arange(128)
    y = np.arange(count) % 3
    x = random.normal(size=(count, 128))
    for row, label in zip(x, y, strict=True):
        begin = random.integers(16, 32)
        end = begin + random.integers(32, 96)
        inside = (steps >= begin) & (steps <= end)
        ramp = (steps - begin) / (end - begin)
        row += (6 + random.normal()) * inside * (1, ramp, 1 - ramp)[label]
    return x[:, :, None], y


@data_set("which came first", "tokens", "made: order", TEXT)
def _order() -> Arrays:
    """30 tokens of 50, two of them marked: which of the two stands first?"""
    random = chance(6)
    count = 2_000
    x, y = random.integers(2, 50, size=(count, 30)), random.integers(2, size=count)
    places = np.sort(random.permuted(np.tile(np.arange(30), (count, 1)), axis=1)[:, :2], axis=1)
    rows = np.arange(count)
    x[rows, places[:, 0]], x[rows, places[:, 1]] = y, 1 - y
    return x, y


@data_set("long texts", "tokens", "made: order", TEXT)
def _long() -> Arrays:
    """160 tokens of 200, in which a phrase of three words stands one way round or the other."""
    random = chance(7)
    count = 1_500
    x, y = random.integers(3, 200, size=(count, 160)), random.integers(2, size=count)
    for row, label in zip(x, y, strict=True):
        for at in random.integers(0, 157, size=3):
            row[at : at + 3] = (0, 1, 2) if label else (2, 1, 0)
    return x, y


GCN = """
train adam(lr=0.01, weight_decay=5e-4, epochs=200)
model = gcn(16) -> relu -> dropout(0.5) -> gcn(classes)
"""  # Kipf and Welling 2016, arXiv:1609.02907


@data_set("communities", "graph", "made: stochastic blocks", GCN)
def _communities() -> Arrays:
    """400 nodes in four communities, whose features say little."""
    random = chance(8)
    count = 400
    y = np.arange(count) % 4
    likely = np.where(y[:, None] == y, 0.05, 0.008)
    joined = np.triu(random.random((count, count)) < likely, 1)
    edges = np.argwhere(joined | joined.T).T
    x = random.normal(size=(count, 16))
    x[:, :4] += 0.5 * np.eye(4)[y]
    return x, edges, y


GRAPHS = """
train adam(batch=32, lr=0.01, epochs=100)
model = gin(32) -> relu -> gin(32) -> relu -> graph_pool(sum) -> linear(classes)
"""


@data_set("rings and stars", "graph", "made: motifs", GRAPHS)
def _motifs() -> Arrays:
    """Random trees of 20 nodes with four rings, or as many stars, hung into them."""
    random = chance(9)
    nodes, edges, graph, y = [], [], [], []
    for number in range(400):
        label = number % 2
        pairs = [(node, int(random.integers(node))) for node in range(1, 12)]
        for at in (12, 16):
            ring = [(at, at + 1), (at + 1, at + 2), (at + 2, at + 3), (at + 3, at)]
            star = [(at, at + 1), (at, at + 2), (at, at + 3), (at, int(random.integers(12)))]
            pairs += star if label else ring
        both = np.array([*pairs, *((b, a) for a, b in pairs)])
        edges.append(both + 20 * number)
        nodes.append(random.normal(size=(20, 4)))
        graph += [number] * 20
        y.append(label)
    return np.concatenate(nodes), np.concatenate(edges).T, np.array(y), np.array(graph)


FORECAST = """
train adam(batch=64, lr=0.001, epochs=50)
model = lstm(64) -> last -> linear(targets)
"""


def windows(series: Array, window: int, ahead: int) -> Arrays:
    """Windows side by side, and what follows each; no step is in two of them."""
    whole = len(series) // (window + ahead) * (window + ahead)
    rows = series[:whole].reshape(-1, window + ahead)
    return rows[:, :window, None], rows[:, window:]


@data_set("seasons", "series", "made: seasonal and autoregressive", FORECAST, "regress")
def _seasons() -> Arrays:
    """A day of 24 steps whose height wanders, and an autoregressive rest; 6 steps ahead."""
    random = chance(10)
    count = 1_400 * 53
    rest, height = np.zeros(count), np.cumsum(0.02 * random.normal(size=count))
    for at in range(1, count):
        rest[at] = 0.7 * rest[at - 1] + 0.3 * random.normal()
    day = np.sin(2 * np.pi * np.arange(count) / 24)
    return windows((1 + 0.5 * np.tanh(height)) * day + rest, 47, 6)


@data_set("Mackey-Glass", "series", "Mackey and Glass 1977", FORECAST, "regress")
def _mackey_glass() -> Arrays:
    """Chaos from a delay of 17 steps, with noise; 12 steps ahead."""
    random, delay, count = chance(11), 170, 1_200 * 44
    level = [1.2] * (delay + 1)
    for _ in range(10 * count + 5_000):
        old = level[-1 - delay]
        level.append(level[-1] + 0.1 * (0.2 * old / (1 + old**10) - 0.1 * level[-1]))
    series = np.array(level[-10 * count :: 10]) + 0.01 * random.normal(size=count)
    x, y = windows(series, 32, 12)
    return x, y[:, -1:]


@data_set("random walk", "series", "made: nothing to know but the last value", FORECAST, "regress")
def _walk() -> Arrays:
    """Steps that nothing tells; the last value is the best forecast there is."""
    random = chance(12)
    steps = random.normal(size=(1_200, 25))
    walks = 5 * random.normal(size=(1_200, 1)) + np.cumsum(steps, axis=1)
    return walks[:, :24, None], walks[:, 24:]
