"""The page of what real searches found."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Run = Mapping[str, Any]

PAGE = Path(__file__).parents[1] / "docs" / "search_at_size.md"
TEXT = """\
# Searches at size

<!-- written by `python -m benchmarks searches`; the text is in benchmarks/searches_page.py -->

Real searches, in which each design is trained: `auto`, with two workers, on a machine without a
GPU. How many cores it had stands with each search, and its *load*: how many processes wanted to
compute meanwhile. Two workers alone make a load of 2; the more above that, the fewer trials a limit
of time leaves room for. The specs are in `benchmarks/at_size`.

- *Designs*: those that respect every `require`. *Rejected* are designs that break a principle; they
  are drawn again before any training.
- *Found*: the design that is best in validation, and its figure on the samples for testing, which
  the search never saw. All others stand on the same parts of the data and, but for gradient
  boosting, are trained by the same recipe.
- *Random*: 20 random valid designs, drawn by `random`: the median of their figures in the test, the
  figure of the one that is best in validation, and the best figure in the test, which nobody could
  have chosen.
- *By hand*: a design as one would write it, the second `arch` of the spec.

`auto` draws its first ten designs at random, too, and with the same seed they are the first ten of
the twenty. A search of no more trials is a random one, and *found* is then at most *chosen*.

"""


class Told(NamedTuple):
    """What a page says of a case."""

    title: str
    about: str
    unit: str
    is_percent: bool
    is_more_better: bool


CASES = {
    "digits": Told(
        "Pictures",
        "Scikit-learn's digits under `params <= 20k`: convolutions plain or separable, with\n"
        "three norms, four activations, three ways down and three heads. What is searched for is\n"
        "the least loss in validation: accuracy on 360 pictures is more a matter of luck. The\n"
        "objective and the recipe were changed once, after a first run for accuracy whose\n"
        "figures were not kept.",
        "accuracy, %",
        True,
        True,
    ),
    "table": Told(
        "A table",
        "Friedman #1, 2,000 rows: plain, residual and gated networks. The noise alone is an error\n"
        "of 0.20. Gradient boosting is scikit-learn's HistGradientBoostingRegressor with 200\n"
        "trees, as in `archdsl baselines`; it learns from the samples for validation, too.",
        "RMSE, in standard deviations of the target",
        False,
        False,
    ),
    "series": Told(
        "Series",
        "The temporal order problem with three marks, in noise, 2,000 series of 24 steps: LSTM,\n"
        "GRU, temporal convolutions or a transformer's encoder. There are eight classes.",
        "accuracy, %",
        True,
        True,
    ),
    "graph": Told(
        "A graph",
        "A stochastic block model of five groups, 1,000 nodes and 6,000 edges: up to three layers\n"
        "of six kinds. By hand stands the network of Kipf & Welling 2017.",
        "accuracy, %",
        True,
        True,
    ),
    "text": Told(
        "Text",
        "The next character in what scikit-learn says of its data sets, 43,000 characters: LSTM,\n"
        "GRU, convolutions over the past, or small GPTs.",
        "loss, nats",
        False,
        False,
    ),
}


def write(results: Mapping[str, Sequence[Run]]) -> None:
    """The page. Nothing of what was not measured."""
    parts = [TEXT]
    for name, told in CASES.items():
        runs = results.get(name)
        if runs:
            tables = f"{_efforts(runs)}\n{_figures(told, runs)}\n{_margin(told, runs)}"
            parts.append(f"## {told.title}\n\n{told.about}\n\n{tables}\n{_designs(runs)}\n")
    PAGE.write_text("".join(parts).rstrip() + "\n", "utf-8")


def _efforts(runs: Sequence[Run]) -> str:
    """What the searches were and took."""
    heads = "seed | designs | limit, s | took, s | trials | failed | rejected | cores | load"
    text = f"| {heads} |\n|{'--:|' * 9}\n"
    for one in runs:
        rejected = sum(one["rejected"].values())
        text += f"| {one['seed']} | {one['designs']:,} | {one['limit']:.0f} | {one['seconds']:.0f}"
        text += f" | {one['trials']} | {one['failed']} | {rejected} | {one['cores']}"
        text += f" | {one['load']:.0f} |\n"
    return text


def _figures(told: Told, runs: Sequence[Run]) -> str:
    """What they found, and what stands beside it."""
    columns = {
        "found": "test",
        "random, median": "random_median",
        "random, chosen": "random_chosen",
        "random, best": "random_best",
        "by hand": "usual",
        "gradient boosting": "boosted",
        "found, in validation": "validation",
        "random, median in validation": "random_validation",
    }
    shown = {head: key for head, key in columns.items() if runs[0][key] is not None}
    text = f"| {told.unit} | {' | '.join(shown)} |\n|---|{'--:|' * len(shown)}\n"
    for one in runs:
        cells = [_shown(told, one[key]) for key in shown.values()]
        text += f"| seed {one['seed']} | {' | '.join(cells)} |\n"
    if len(runs) > 1:
        means = [_shown(told, fmean(one[key] for one in runs)) for key in shown.values()]
        text += f"| mean | {' | '.join(means)} |\n"
    return text


def _margin(told: Told, runs: Sequence[Run]) -> str:
    """By how much the best is better than the median of the random designs, and than others."""
    others = {
        "the median of the random designs": "random_median",
        "the random design best in validation": "random_chosen",
        "the one by hand": "usual",
        "gradient boosting": "boosted",
    }
    gains = [
        f"{_gain(told, runs, key):+.2f} over {name}"
        if told.is_percent
        else f"{_gain(told, runs, key):+.3f} over {name}"
        for name, key in others.items()
        if runs[0][key] is not None
    ]
    return f"Margin in the test (more is better): {', '.join(gains)}.\n"


def _gain(told: Told, runs: Sequence[Run], key: str) -> float:
    gain = fmean(one["test"] - one[key] for one in runs) * (100 if told.is_percent else 1)
    return gain if told.is_more_better else -gain


def _designs(runs: Sequence[Run]) -> str:
    """The designs that were found."""
    lines = "\n".join(json.dumps(one["design"]) for one in runs)
    return f"```json\n{lines}\n```\n"


def _shown(told: Told, value: float) -> str:
    return f"{value:.2%}".rstrip("%") if told.is_percent else f"{value:.3f}"
