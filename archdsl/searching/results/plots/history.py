"""The best so far, trial by trial."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from archdsl.searching.records import TEST as TESTED
from archdsl.searching.results.plots.style import (
    BAD,
    BEST,
    DOT,
    SURFACE,
    TEST,
    frame,
    legend,
    panels,
    scale,
)
from archdsl.searching.results.results import volume_of, worst

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from archdsl.searching.records import Objective, Tried
    from archdsl.searching.results.results import Results

TITLE = "The best so far"


def caption(found: Results) -> str:
    """What is seen."""
    told = "Each dot is a trial; the line is the best value so far."
    if any(f"{TESTED}{name}" in found.tests for one in found.objectives for name in one.reads):
        told += " Diamonds are what each new best comes to on test samples, unseen by the search."
    if len(found.objectives) > 1:
        told += " The hypervolume is a share of the box from the worst values to the best."
    outside = sum(len(_outside(found, place)) for place in range(len(found.objectives)))
    if outside:
        told += f" {outside} far worse value{'s lie' if outside > 1 else ' lies'} outside."
    return told


def draw(found: Results) -> Figure | None:
    """A panel for each objective, and one for the hypervolume of several."""
    if not found.complete:
        return None
    several = len(found.objectives) > 1 and found.volume is not None
    whole, axes = panels(len(found.objectives) + several)
    for place, one in enumerate(found.objectives):
        _objective(axes[place], found, place, one)
    if several:
        _volume(axes[-1], found)
    legend(axes[0], 4 if len(axes) == 1 else 2)
    return whole


def _objective(axes: Axes, found: Results, place: int, one: Objective) -> None:
    trials = found.complete
    values = [_value(tried, place) for tried in trials]
    scale(axes.yaxis, one.text, values)
    axes.set_ylim(*_frame(found, place))
    numbers = [tried.number for tried in trials]
    axes.plot(numbers, values, "o", ms=3, mew=0, color=DOT, label="a trial")
    _others(axes, found, place)
    bests = incumbents(trials, place, one)
    steps = [*bests, (max(t.number for t in found.trials), bests[-1][1], bests[-1][2])]
    axes.step([x for x, _, _ in steps], [y for _, y, _ in steps], where="post", color=BEST, lw=1.8,
              label="best so far")  # fmt: skip
    tests = [
        (x, tried.metrics[name]) for x, _, tried in bests if (name := _test(found, one, tried))
    ]
    if tests:
        axes.plot(*zip(*tests, strict=True), "D", ms=4.5, mec=SURFACE, mew=0.7, color=TEST,
                  label="on test samples")  # fmt: skip
    axes.set_xlabel("trial")
    axes.set_ylabel(found.title(one))
    axes.margins(x=0.02)


def _others(axes: Axes, found: Results, place: int) -> None:
    """Trials that were stopped early, where they had values; and those that failed, at the edge."""
    pruned = [tried for tried in found.of_state("pruned") if tried.values]
    if pruned:
        at = [tried.number for tried in pruned], [_value(tried, place) for tried in pruned]
        axes.plot(*at, "o", ms=3, mfc="none", mec=DOT, mew=0.7, label="stopped early")
    failed = [tried.number for tried in found.of_state("failed")]
    if failed:
        axes.plot(failed, [0.015] * len(failed), "x", ms=4, mew=1, color=BAD, label="failed",
                  transform=axes.get_xaxis_transform())  # fmt: skip


def _volume(axes: Axes, found: Results) -> None:
    """The hypervolume of the front so far."""
    trials, reference = found.complete, worst(found.complete, found.objectives)
    ends = [_extreme(found, place) for place in range(len(found.objectives))]
    front: list[Tried] = []
    shares: list[float] = []
    for tried in trials:
        from archdsl.searching.found import front_of

        grown = front_of([*front, tried], found.objectives)
        if shares and grown == tuple(front):
            shares.append(shares[-1])
            continue
        front = list(grown)
        volume = volume_of(front, found.objectives, reference, ends)
        shares.append(volume.share if volume else 0.0)
    axes.step([t.number for t in trials], shares, where="post", color=BEST, lw=1.8)
    axes.set_xlabel("trial")
    axes.set_ylabel("hypervolume")
    axes.margins(x=0.02)


def _extreme(found: Results, place: int) -> float:
    values = [_value(tried, place) for tried in found.complete]
    return max(values) if found.objectives[place].direction == "maximize" else min(values)


def incumbents(
    trials: Sequence[Tried], place: int, one: Objective
) -> list[tuple[int, float, Tried]]:
    """The trials that were better than all before: number, value and trial."""
    sign = 1 if one.direction == "maximize" else -1
    found: list[tuple[int, float, Tried]] = []
    for tried in trials:
        value = _value(tried, place)
        if not found or sign * value > sign * found[-1][1]:
            found.append((tried.number, value, tried))
    return found


def _value(tried: Tried, place: int) -> float:
    return (tried.values or ())[place]


def _frame(found: Results, place: int) -> tuple[float, float]:
    """Room for most values, for each new best but the first few, and for their test figures."""
    one = found.objectives[place]
    values = [_value(tried, place) for tried in found.complete]
    tests = [
        tried.metrics[name]
        for _, _, tried in incumbents(found.complete, place, one)[-3:]
        if (name := _test(found, one, tried))
    ]
    return frame(values, one.direction == "minimize", tests)


def _outside(found: Results, place: int) -> list[float]:
    low, high = _frame(found, place)
    return [v for tried in found.complete if not low <= (v := _value(tried, place)) <= high]


def _test(found: Results, one: Objective, tried: Tried) -> str:
    """The metric that is an objective's on test samples, where a trial has it."""
    names = [f"{TESTED}{name}" for name in one.reads] if one.text in one.reads else []
    return next((n for n in names if isfinite(tried.metrics.get(n, float("nan")))), "")
