"""The page of how first designs come out in training."""

from __future__ import annotations

from collections import defaultdict
from math import isfinite, sqrt
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.starting_data import DataSet

BOOSTING = "gradient boosting"
TEXT = """\
# First designs, judged by training

<!-- written by `python -m benchmarks starting`; the text is in benchmarks/starting_page.py -->

`archdsl new` writes a first design from a description of the data. Does it hold against simpler
models, and against what one usually writes by hand? Each is trained on the same four fifths of the
samples, as its own `train` clause says, and tested on the last fifth, for each of the seeds. The
error is the share of wrong answers in percent, or the root mean square in standard deviations of
the target; with its standard error over the seeds.

- The *ladder* is the best of the baselines of `archdsl baselines`, named beside its error; of
  graphs the best of the two that `new` writes beside its design.
- *By hand* is a design as one usually writes it, with its usual training: two convolutions and two
  dense layers, an LSTM of 64, an MLP of 64 and 64, Kipf and Welling's graph network, a fully
  convolutional network for long series. They stand in benchmarks/starting_data.py.
- *Wins* and *loses* are by more than one standard error of the difference, against the better of
  the two; all else is a tie. Where gradient boosting is the better, the spec that `new` writes says
  to expect it.
- A dash stands where the design as `new` writes it now has not been measured with all seeds.

"""


class Scores(NamedTuple):
    """The errors of one contender by seed."""

    name: str
    errors: Mapping[int, float]
    arch: str = ""
    params: int = 0

    @property
    def mean(self) -> float:
        return fmean(self.errors.values())


def page(
    results: Sequence[Mapping[str, Any]], data: Mapping[str, DataSet], new: str, usual: str
) -> str:
    """The page from all results."""
    lines = [
        "| data | kind | samples | `new` | parameters | its error | ladder | by hand | `new` |",
        "|---|---|--:|---|--:|--:|--:|--:|---|",
    ]
    found = _scores(results)
    lines += [_row(name, data[name], found[name], new, usual) for name in data if name in found]
    return f"{TEXT}{chr(10).join(lines)}\n{_sources(data, found)}"


def _scores(results: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Scores]]:
    errors: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    about: dict[tuple[str, str], tuple[str, int]] = {}
    for one in results:
        if "error" in one:
            key = (one["data"], one["contender"])
            errors[key][one["seed"]] = one["error"]
            about[key] = (one.get("arch", ""), one.get("params", 0))
    found: dict[str, dict[str, Scores]] = defaultdict(dict)
    for (name, contender), seeds in errors.items():
        found[name][contender] = Scores(contender, seeds, *about[name, contender])
    return found


def _row(name: str, data: DataSet, found: dict[str, Scores], new: str, usual: str) -> str:
    about = data.description
    percent = not about.predicts_numbers
    mine = found.get(new)
    ladder = [one for key, one in found.items() if key not in (new, usual)]
    best = min(ladder, key=lambda one: one.mean, default=None)
    hand = found.get(usual)
    told = [
        _error(mine, percent),
        f"{_error(best, percent)} ({best.name})" if best else "–",
        _error(hand, percent),
    ]
    others = [one for one in (best, hand) if one is not None]
    verdict = _verdict(mine, min(others, key=lambda one: one.mean)) if mine and others else "–"
    design = (mine.arch, f"{mine.params:,}") if mine else ("–", "–")
    kind = "forecast" if about.is_forecast else about.kind
    cells = (name, kind, f"{about.samples:,}", *design, *told, verdict)
    return f"| {' | '.join(cells)} |"


def _error(scores: Scores | None, percent: bool) -> str:
    if scores is None:
        return "–"
    if not isfinite(scores.mean):
        return "diverged"
    scale, digits = (100, 1) if percent else (1, 3)
    values = [scale * error for error in scores.errors.values()]
    return f"{fmean(values):.{digits}f} ± {standard_error(values):.{digits}f}"


def standard_error(values: Sequence[float]) -> float:
    return stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0


def _verdict(mine: Scores, other: Scores) -> str:
    """Wins, ties or loses, by the standard error of the difference of two means."""
    both = (list(mine.errors.values()), list(other.errors.values()))
    if not all(isfinite(error) for errors in both for error in errors):
        return "–"
    difference = mine.mean - other.mean
    if abs(difference) <= sqrt(sum(standard_error(errors) ** 2 for errors in both)):
        return "ties"
    if difference < 0:
        return "wins"
    return f"{BOOSTING} wins, as the spec says" if other.name == BOOSTING else "loses"


def _sources(data: Mapping[str, DataSet], found: Mapping[str, Any]) -> str:
    lines = [f"- {name}: {one.source}" for name, one in data.items() if name in found]
    return "\nWhere the data come from:\n\n" + "\n".join(lines) + "\n"
