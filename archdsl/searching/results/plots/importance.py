"""Which choices matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.searching.results.plots.style import BEST, DOT, MUTED, WIDTH, figure
from archdsl.searching.results.telling import limits
from archdsl.searching.results.values import cut, short_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from archdsl.searching.results.importance import Importance
    from archdsl.searching.results.results import Results

TITLE = "Which choices matter"
MOST = 12  # choices that are drawn
LONG = 30  # letters of a name


def caption(found: Results) -> str:
    """What is seen, and what it cannot tell."""
    told = "Importance of each choice for being among the best trials, by PED-ANOVA."
    return f"{told} Beyond the dashed line it is more than comes by chance. {limits(found)}"


def draw(found: Results) -> Figure | None:
    """Bars for each objective."""
    all = found.importance
    if not all:
        return None
    rows = max(min(len(one.weights), MOST) for one in all)
    columns = min(len(all), 2)
    lines = -(-len(all) // columns)
    whole = figure(WIDTH, (0.9 + 0.22 * rows) * lines)
    axes = list(whole.subplots(lines, columns, squeeze=False).flat)
    for one, place in zip(all, axes, strict=False):
        _bars(place, one, len(all) > 1)
    for spare in axes[len(all) :]:
        spare.set_visible(False)
    return whole


def _bars(axes: Axes, one: Importance, is_named: bool) -> None:
    shown = one.weights[:MOST][::-1]
    names = short_names(weight.path for weight in one.weights)
    labels = [cut(names[weight.path], LONG) for weight in shown]
    colors = [BEST if weight.above_chance else DOT for weight in shown]
    axes.barh(range(len(shown)), [100 * weight.share for weight in shown], 0.62, color=colors)
    axes.set_yticks(range(len(shown)), labels)
    axes.axvline(100 * one.chance, color=MUTED, lw=1, ls=(0, (3, 2)))
    axes.set_ylim(-0.6, len(shown))
    top = 100 * one.chance, len(shown) - 0.1
    axes.annotate("by chance", top, (3, 0), textcoords="offset points", color=MUTED, fontsize=7.5,
                  va="top")  # fmt: skip
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("importance (%)")
    if is_named:
        axes.set_title(str(one.objective))
