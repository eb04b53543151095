"""What is given up of one objective for another."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from archdsl.searching.found import losses_of
from archdsl.searching.results.plots.style import (
    BEST,
    DOT,
    MUTED,
    SURFACE,
    frame,
    legend,
    panels,
    scale,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from archdsl.searching.records import Tried
    from archdsl.searching.results.results import Results

TITLE = "The Pareto front"
MOST = 4  # objectives whose pairs are drawn
NAMED = 12  # designs of a front that are named


def caption(found: Results) -> str:
    """What is seen."""
    told = f"The {len(found.front)} designs that no other beats in everything, among all trials"
    if len(found.objectives) == 2:
        return f"{told}; beyond the line nothing was reached. Numbers are those of the trials."
    more = f" (of the first {MOST} objectives)" if len(found.objectives) > MOST else ""
    return f"{told}, seen along two objectives at a time{more}."


def draw(found: Results) -> Figure | None:
    """One panel of two objectives, of more one for each pair."""
    if len(found.objectives) < 2 or not found.complete:
        return None
    pairs = list(combinations(range(min(len(found.objectives), MOST)), 2))
    whole, axes = panels(len(pairs))
    for one, (y, x) in zip(axes, pairs, strict=True):
        _pair(one, found, x, y)
    legend(axes[0])
    return whole


def _pair(axes: Axes, found: Results, x: int, y: int) -> None:
    for axis, place in ((axes.xaxis, x), (axes.yaxis, y)):
        objective = found.objectives[place]
        values = [(tried.values or ())[place] for tried in found.complete]
        scale(axis, objective.text, values)
        low, high = _limits(found, place)
        (axes.set_xlim if axis is axes.xaxis else axes.set_ylim)(low, high)
        better = "more" if objective.direction == "maximize" else "less"
        axis.set_label_text(f"{found.title(objective)} ({better} is better)")
    front = {tried.number for tried in found.front}
    rest = [tried for tried in found.complete if tried.number not in front]
    axes.plot(*_places(rest, x, y), "o", ms=3, mew=0, color=DOT, label="a trial")
    if len(found.objectives) == 2:
        _stairs(axes, found, x, y)
    axes.plot(*_places(list(found.front), x, y), "o", ms=5.5, mec=SURFACE, mew=0.8, color=BEST,
              label="front", zorder=3)  # fmt: skip


def _limits(found: Results, place: int) -> tuple[float, float]:
    """Room for the front and for most of the others."""
    values = [(tried.values or ())[place] for tried in found.complete]
    front = [(tried.values or ())[place] for tried in found.front]
    return frame(values, found.objectives[place].direction == "minimize", front)


def _places(trials: list[Tried], x: int, y: int) -> tuple[list[float], list[float]]:
    values = [tried.values or () for tried in trials]
    return [one[x] for one in values], [one[y] for one in values]


def _stairs(axes: Axes, found: Results, x: int, y: int) -> None:
    """The edge of what was reached, and the names of those who reached it."""
    line = sorted(found.front, key=lambda tried: losses_of(tried, found.objectives)[x])
    xs, ys = _places(line, x, y)
    is_less_better = [one.direction == "minimize" for one in found.objectives]
    ends = axes.get_xlim()[is_less_better[x]], axes.get_ylim()[is_less_better[y]]
    axes.step([xs[0], *xs, ends[0]], [ends[1], *ys, ys[-1]], where="post", color=BEST, lw=1.2,
              alpha=0.7)  # fmt: skip
    if len(line) > NAMED:
        return
    offset = (-4 if is_less_better[x] else 4, 4 if not is_less_better[y] else -4)
    for tried, at in zip(line, zip(xs, ys, strict=True), strict=True):
        axes.annotate(str(tried.number), at, offset, textcoords="offset points", fontsize=7.5,
                      color=MUTED, ha="right" if is_less_better[x] else "left",
                      va="bottom" if not is_less_better[y] else "top")  # fmt: skip
