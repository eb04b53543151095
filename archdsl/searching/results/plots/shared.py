"""What the best have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.searching.results.plots.style import BEST, DOT, GRID, WIDTH, figure, legend
from archdsl.searching.results.values import cut, option, short_names

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from archdsl.searching.results.results import Results

TITLE = "What the best have in common"
MOST = 12  # options that are drawn
LONG = 44  # letters of a name


def caption(found: Results) -> str:
    """What is seen."""
    return (
        f"The share of the {len(found.shared.best)} best trials that take an option, beside that "
        "of all valid designs; options alone that differ by more than comes by chance."
    )


def draw(found: Results) -> Figure | None:
    """For each option two dots: the best, and all valid designs."""
    traits = found.shared.traits[:MOST][::-1]
    if not traits:
        return None
    names = short_names(dict.fromkeys(path for tried in found.trials for path in tried.design))
    whole = figure(WIDTH, 1.0 + 0.26 * len(traits))
    axes = whole.subplots()
    rows = range(len(traits))
    valid, best = [100 * one.valid for one in traits], [100 * one.best for one in traits]
    axes.hlines(rows, valid, best, color=GRID, lw=3)
    axes.plot(valid, rows, "o", ms=6, mew=0, color=DOT, label="all valid designs")
    axes.plot(best, rows, "o", ms=6, mew=0, color=BEST, label=f"the {len(found.shared.best)} best")
    labels = [cut(f"{names.get(t.path, t.path)} = {option(t.option)}", LONG) for t in traits]
    axes.set_yticks(rows, labels)
    axes.set_ylim(-0.6, len(traits) - 0.4)
    axes.set_xlim(-3, 103)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("designs (%)")
    legend(axes)
    return whole
