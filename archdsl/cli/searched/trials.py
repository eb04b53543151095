"""The table of the trials of a run."""

from __future__ import annotations

import csv
import io
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cli.live import aligned
from archdsl.evaluate.designs import dumps
from archdsl.evaluate.points import as_text
from archdsl.rendering.escape import visible, width
from archdsl.searching.records import TEST
from archdsl.searching.results.values import column, cut, design, dimension_of, short_names, value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.searching.records import Tried
    from archdsl.searching.results.results import Results

LEAST = 20  # columns below which a design is not begun


class Column(NamedTuple):
    """A column of values: two lines of a heading, and the text of each trial."""

    above: str
    heading: str
    cells: tuple[str, ...]


def table(found: Results, trials: Sequence[Tried], columns: int | None) -> list[str]:
    """Some trials, one a line; of several objectives those of the front have a star."""
    names = short_names(dict.fromkeys(path for tried in found.trials for path in tried.design))
    all = _columns(found, trials)
    above = tuple(one.above for one in all)
    heads = tuple(one.heading for one in all)
    rows = [tuple(one.cells[i] for one in all) for i in range(len(trials))]
    lines = aligned([above, heads, *rows], left=0)
    start = max(map(width, lines))
    lines = [line + " " * (start - width(line)) for line in lines]
    if columns is None:
        tails = ["", "design", *(dumps(dict(tried.design)) for tried in trials)]
    elif columns - start - 2 < LEAST:
        tails = [""] * len(lines)
    else:
        told = (_told(tried, names) for tried in trials)
        tails = ["", "design", *(cut(text, columns - start - 2) for text in told)]
    whole = [f"{line}  {tail}".rstrip() for line, tail in zip(lines, tails, strict=True)]
    return whole if any(above) else whole[1:]


def _told(tried: Tried, names: dict[str, str]) -> str:
    if tried.failure is not None:
        return visible(tried.failure.reason)
    return design(tried.design, names)


def _columns(found: Results, trials: Sequence[Tried]) -> list[Column]:
    front = {tried.number for tried in found.front} if len(found.objectives) > 1 else set()
    numbers = tuple(f"{'*' if t.number in front else ''}{t.number}" for t in trials)
    all = [Column("", "trial", numbers)]
    for place, objective in enumerate(found.objectives):
        above, _, heading = f" {found.title(objective)}".rpartition(" ")
        values = [t.values[place] if t.values else None for t in trials]
        all.append(Column(above.strip(), visible(heading), _cells(objective.text, values)))
    for name in found.tests[:2] if len(found.objectives) == 1 else found.tests[:1]:
        tested = [t.metrics[name] if _has(t, name) else None for t in trials]
        all.append(Column("test", visible(name.removeprefix(TEST)), column(tested)))
    states = tuple("" if tried.state == "complete" else tried.state for tried in trials)
    if any(states):
        all.append(Column("", "", states))
    return all


def _cells(text: str, numbers: Sequence[float | None]) -> tuple[str, ...]:
    if dimension_of(text):
        return tuple("–" if number is None else value(text, number) for number in numbers)
    return column(numbers)


def _has(tried: Tried, name: str) -> bool:
    return name in tried.metrics and isfinite(tried.metrics[name])


def as_csv(found: Results, trials: Sequence[Tried]) -> str:
    """Trials as a table for programs: a row for each, a column for each objective, metric and
    choice. Cells of what a trial does not have are empty."""
    metrics = list(dict.fromkeys(name for tried in trials for name in tried.metrics))
    paths = list(dict.fromkeys(path for tried in trials for path in tried.design))
    objectives = [str(one) for one in found.objectives]
    heads = ["trial", "state", *objectives, *metrics, "seconds", "attempt", "failure", *paths]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    for tried in trials:
        values: Sequence[Any] = tried.values or [""] * len(objectives)
        failure = f"{tried.failure.kind}: {tried.failure.reason}" if tried.failure else ""
        chosen = (tried.design.get(path) for path in paths)
        row = [tried.number, tried.state, *values, *(tried.metrics.get(m, "") for m in metrics)]
        row += [tried.seconds, tried.attempt, failure]
        writer.writerow([*row, *("" if made is None else as_text(made) for made in chosen)])
    return text.getvalue()
