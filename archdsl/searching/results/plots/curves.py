"""How the best learned."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from archdsl.searching.results.plots.style import DOT, INK, LINES, figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from archdsl.searching.results.results import Results

    Curve = tuple[list[int], list[float]]

TITLE = "Learning curves"
MOST = 300  # curves behind those of the best
APART = 0.055  # of the height, between two names


def caption(found: Results) -> str:
    """What is seen."""
    some = min(len(LINES), len(found.ordered))
    best = f"The {some} best trials" if some > 1 else "The best trial"
    return f"{best}, by number, among all that reported epochs."


def draw(found: Results) -> Figure | None:
    """The curves of the best in colours, the others behind them."""
    name = found.reported
    best = [tried.number for tried in found.ordered[: len(LINES)]]
    others = [t.number for t in found.trials if t.state != "running" and t.number not in best]
    curves = {number: curve for number in best if (curve := _curve(found, number, name))[0]}
    if not curves:
        return None
    from matplotlib.ticker import MaxNLocator

    whole = figure()
    axes = whole.subplots()
    behind = [_curve(found, number, name) for number in others[:MOST]]
    for epochs, values in behind:
        axes.plot(epochs, values, lw=0.6, color=DOT, alpha=0.45)
    for color, (epochs, values) in zip(LINES, curves.values(), strict=False):
        axes.plot(epochs, values, lw=1.7, color=color)
    axes.set_ylim(*_frame(list(curves.values()), behind))
    axes.set_xlabel("epoch")
    axes.margins(x=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(name)
    _names(axes, curves)
    return whole


def _curve(found: Results, number: int, name: str) -> Curve:
    points = [
        (int(one["epoch"]), one[name])
        for one in found.curve(number)
        if name in one and isfinite(one[name])
    ]
    return [epoch for epoch, _ in points], [value for _, value in points]


def _frame(curves: list[Curve], behind: list[Curve]) -> tuple[float, float]:
    """All of the best, and most of the others."""
    best = [value for _, values in curves for value in values]
    rest = sorted(value for _, values in behind for value in values)
    inner = rest[len(rest) // 50 : len(rest) - len(rest) // 50]
    low, high = min([*best, *inner[:1]]), max([*best, *inner[-1:]])
    gap = 0.05 * (high - low) or 0.05 * abs(high) or 0.5
    return low - gap, high + gap


def _names(axes: Axes, curves: dict[int, Curve]) -> None:
    """The number of each trial beside the end of its curve; moved apart where they would touch."""
    low, high = axes.get_ylim()
    ends = {number: (values[-1] - low) / (high - low) for number, (_, values) in curves.items()}
    places: dict[int, float] = {}
    above = 1.0 + APART
    for number in sorted(ends, key=lambda number: -ends[number]):
        above = places[number] = min(ends[number], above - APART)
    arrow: dict[str, Any] = {"arrowstyle": "-", "lw": 0.9, "relpos": (0, 0.5), "shrinkA": 1}
    for color, (number, (epochs, values)) in zip(LINES, curves.items(), strict=False):
        place = 1.03, low + places[number] * (high - low)
        axes.annotate(str(number), (epochs[-1], values[-1]), place, va="center", color=INK,
                      textcoords=("axes fraction", "data"), fontsize=8.5,
                      arrowprops=arrow | {"color": color})  # fmt: skip
