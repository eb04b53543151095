"""How a search stands, while it runs: a table that is kept up to date on a terminal, lines of plain
text elsewhere, one where something is better than all before and one each few seconds."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from archdsl.cli.console import is_animated
from archdsl.rendering.escape import visible
from archdsl.rendering.spans_of_time import lasting
from archdsl.searching.events import Again, Begun, Ended, Remarked
from archdsl.searching.results.telling import STATES
from archdsl.searching.results.values import value
from archdsl.searching.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from archdsl.cli.console import Console
    from archdsl.searching.candidates import Candidates
    from archdsl.searching.events import Event
    from archdsl.searching.records import Objective, Tried

    Observer = Callable[[Event], None]

RUNNING = 8  # trials that are told of while they run
QUIET_FOR = 20.0  # seconds after which a line is told where nothing got better


@contextmanager
def progress(
    console: Console, objectives: Sequence[Objective], candidates: Candidates
) -> Iterator[Observer]:
    """What a search tells its events to."""
    tally = Tally(objectives, designs=candidates.count)
    if console.quiet:
        yield tally
    elif is_animated(sys.stderr) and find_spec("rich") is not None:
        with _live(tally, candidates) as observer:
            yield observer
    else:
        yield _Lines(console, tally, candidates)


class _Lines:
    """Plain lines for files and pipes."""

    def __init__(self, console: Console, tally: Tally, candidates: Candidates) -> None:
        self.console = console
        self.tally = tally
        self.candidates = candidates
        self.told_at = tally.clock()

    def __call__(self, event: Event) -> None:
        best = self.tally.best
        self.tally(event)
        if isinstance(event, Begun) and event.known:
            self.console.progress(f"goes on after {len(event.known):,} trials")
        if isinstance(event, Again):
            self.console.progress(f"trial {event.tried.number} again: {visible(event.reason)}")
        if isinstance(event, Remarked):
            self.console.progress(visible(event.text))
        is_late = self.tally.clock() - self.told_at > QUIET_FOR
        if isinstance(event, Ended) and (self.tally.best is not best or is_late):
            self.told_at = self.tally.clock()
            self.console.progress("; ".join(standing(self.tally, self.candidates)))


def standing(tally: Tally, candidates: Candidates) -> list[str]:
    """Where a search stands, in a few words each."""
    best, front = _best(tally), len(tally.front)
    return [
        _over(tally),
        *([f"best {best}"] if best else []),
        *([f"front of {front:,}"] if len(tally.objectives) > 1 else []),
        *_pace(tally),
        *_others(tally, candidates),
    ]


def _rows(tally: Tally, candidates: Candidates) -> list[tuple[str, str]]:
    """The same for a table, with how long it has taken and what runs now."""
    if not tally.begun:
        return [("starting", f"{lasting(tally.passed)} so far")]
    front = f"{len(tally.front):,} designs that none beats" if len(tally.objectives) > 1 else ""
    running = sorted(tally.running.items())
    told = [f"trial {trial}" + (f", epoch {epoch}" if epoch else "") for trial, epoch in running]
    if len(running) > RUNNING:
        told[RUNNING:] = [f"and {len(running) - RUNNING:,} more"]
    rows = [
        ("searching", f"{_over(tally)}, {lasting(tally.passed)} so far"),
        ("best", _best(tally)),
        ("front", front),
        ("pace", ", ".join(_pace(tally))),
        ("besides", ", ".join(_others(tally, candidates))),
        *zip(("running", *[" "] * len(told)), told, strict=False),
    ]
    return [row for row in rows if row[1]]


def _over(tally: Tally) -> str:
    most = "" if tally.limit is None else f" of {tally.limit:,}"
    return f"{tally.over:,}{most} {'trial' if (tally.limit or tally.over) == 1 else 'trials'}"


def _best(tally: Tally) -> str:
    best = tally.best
    return "" if best is None else f"{valued(best, tally.objectives)} (trial {best.number})"


def _others(tally: Tally, candidates: Candidates) -> list[str]:
    told = [
        f"{tally.states[state]:,} {STATES[state]}"
        for state in ("failed", "pruned")
        if tally.states[state]
    ]
    rejected = sum(candidates.rejected.values())
    if rejected:
        told.append(f"{rejected:,} rejected before training")
    return told


def _pace(tally: Tally) -> list[str]:
    told = [] if tally.rate is None else [_rate(tally.rate)]
    if tally.left is not None and tally.left >= 1:
        told.append(f"about {lasting(tally.left)} left")
    return told


def _rate(rate: float) -> str:
    if rate >= 1:
        return f"{rate:.1f} trials/s"
    return f"{rate * 60:.1f} trials/min" if rate * 60 >= 1 else f"{rate * 3600:.1f} trials/h"


def valued(tried: Tried, objectives: Sequence[Objective]) -> str:
    """``accuracy 0.9712, params 18,230``"""
    pairs = zip(objectives, tried.values or (), strict=True)
    return ", ".join(f"{one.text} {value(one.text, found)}" for one, found in pairs)


@contextmanager
def _live(tally: Tally, candidates: Candidates) -> Iterator[Observer]:
    """A table on a terminal, drawn anew twice a second, so that times go on between events."""
    from rich.console import Console as Terminal
    from rich.live import Live

    def shown() -> Any:
        return _table(tally, candidates)

    terminal = Terminal(stderr=True)
    with Live(get_renderable=shown, console=terminal, refresh_per_second=2, transient=True):

        def heard(event: Event) -> None:
            tally(event)
            if isinstance(event, Remarked):
                terminal.print(visible(event.text), markup=False)

        yield heard


def _table(tally: Tally, candidates: Candidates) -> Any:
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for row in _rows(tally, candidates):
        table.add_row(*row)
    if tally.limit is None:
        return table
    whole = Table.grid()  # a bar ends no line by itself
    whole.add_row(ProgressBar(total=tally.limit, completed=tally.over, width=60))
    whole.add_row(table)
    return whole
