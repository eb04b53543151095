"""How plots look: for a page of a paper, and for a screen that may be dark."""

from __future__ import annotations

from contextlib import contextmanager
from math import log2
from typing import TYPE_CHECKING, Any

from archdsl.runtime.extras import needed
from archdsl.searching.results.values import dimension_of, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import Locator

# Each colour is one of its own: the page of all plots replaces them by names, light and dark.
# Those of the lines are told apart by people who do not see all colours (Okabe and Ito 2008).
SURFACE, INK, MUTED, GRID = "#fefefe", "#1b1f24", "#66707b", "#e4e7ea"
DOT, BEST, TEST, BAD = "#a3adb7", "#0072b2", "#d55e00", "#b3261e"
LINES = (BEST, TEST, "#009e73", "#cc79a7", "#b58900")
DARK = {
    SURFACE: "#15181b",
    INK: "#e7eaed",
    MUTED: "#98a3ae",
    GRID: "#2b3136",
    DOT: "#66717c",
    BEST: "#56b4e9",
    TEST: "#ff9d5c",
    BAD: "#ff8a80",
    LINES[2]: "#3fcf9f",
    LINES[3]: "#e9a8ce",
    LINES[4]: "#e8c04a",
}
WIDTH, HEIGHT = 6.4, 3.4  # inches: the width of a page's text
SPREAD = 4  # times the range of the better half: beyond it points are left outside of the frame
DECADES = 30  # most over least, from which an axis is logarithmic
FEW = 5  # marks on an axis whose marks have long names
BYTES = "bytes"
LARGE = 10_000  # numbers that are written with k and M

SETTINGS = {
    "font.size": 9,
    "font.family": "sans-serif",
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.useoffset": False,
    "axes.titlesize": 9,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "figure.facecolor": SURFACE,
    "figure.constrained_layout.use": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.labelcolor": INK,
    "legend.handletextpad": 0.4,
    "legend.columnspacing": 1.4,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "svg.hashsalt": "archdsl",
}


@contextmanager
def styled(settings: Mapping[str, Any] = SETTINGS) -> Iterator[None]:
    """Inside, figures look as they should, whatever a person has set."""
    matplotlib = needed("matplotlib", "a plot")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**SETTINGS, **settings})
        yield


def figure(width: float = WIDTH, height: float = HEIGHT) -> Figure:
    """An empty figure, of so many inches."""
    found: Figure = needed("matplotlib.figure", "a plot").Figure(figsize=(width, height))
    return found


def panels(count: int, width: float = WIDTH, height: float = HEIGHT) -> tuple[Figure, list[Axes]]:
    """A figure with some panels, two beside each other where there are several."""
    columns = 1 if count == 1 else 2
    rows = -(-count // columns)
    found = figure(width, height if rows == 1 else 0.8 * height * rows)
    axes = found.subplots(rows, columns, squeeze=False).flat
    some = list(axes)
    for spare in some[count:]:
        spare.set_visible(False)
    return found, some[:count]


def legend(axes: Axes, columns: int = 4) -> None:
    """What is what, above the frame."""
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=columns, borderaxespad=0.2)


def scale(axis: Any, text: str, values: Sequence[float]) -> None:
    """An axis of values of an objective: with its unit, logarithmic where they differ much."""
    from matplotlib.ticker import EngFormatter, FuncFormatter, NullFormatter

    dimension = dimension_of(text)
    if is_wide(values):
        axis._set_axes_scale("log", base=2 if dimension == BYTES else 10)
        axis.set_minor_formatter(NullFormatter())
    if locator := _locator(axis, dimension, values):
        axis.set_major_locator(locator)
    if dimension:
        axis.set_major_formatter(FuncFormatter(lambda number, _: value(text, number)))
    elif is_wide(values) or max(map(abs, values)) >= LARGE:
        axis.set_major_formatter(EngFormatter(sep=""))


def _locator(axis: Any, dimension: str, values: Sequence[float]) -> Locator | None:
    """Where an axis has its marks: those of bytes at powers of two, those that have long names far
    enough from each other; None for where they are usually."""
    from matplotlib.ticker import LogLocator, MaxNLocator, MultipleLocator

    span = max(values) - min(values)
    if is_wide(values):
        if dimension == BYTES:
            return LogLocator(base=2, numticks=FEW - 1)
        return LogLocator(subs=(1, 2, 5) if max(values) < 1000 * min(values) else (1,))
    if dimension == BYTES and span > 0:
        return MultipleLocator(2 ** round(log2(span / (FEW - 1))))
    return MaxNLocator(FEW) if axis.axis_name == "x" else None


def frame(
    values: Sequence[float], is_less_better: bool, kept: Sequence[float] = ()
) -> tuple[float, float]:
    """From where to where an axis goes. Values far worse than the better three quarters stay
    outside, but for those that are ``kept``."""
    if is_wide(values):
        return min(*values, *kept) / 1.15, max(*values, *kept) * 1.15
    line = sorted(values, reverse=not is_less_better)  # the best first
    best, worst = line[0], line[-1]
    usual = line[min(len(line) - 1, (3 * len(line)) // 4)]
    if abs(worst - best) > SPREAD * abs(usual - best) > 0:
        worst = usual
    low, high = min(best, worst, *kept), max(best, worst, *kept)
    gap = 0.06 * (high - low) or 0.05 * abs(best) or 0.5
    return low - gap, high + gap


def is_wide(values: Sequence[float]) -> bool:
    """Whether values differ so much that their axis is logarithmic."""
    return min(values) > 0 and max(values) > DECADES * min(values)
