"""What a search shows of itself on a terminal of 80 columns, and in lines elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from archdsl.cli.console import is_animated
from archdsl.cli.search_progress import _table, standing
from archdsl.searching.events import Begun, Ended, Started
from archdsl.searching.records import Objective, Tried
from archdsl.searching.tally import Tally

rich = pytest.importorskip("rich.console")


class Rejecting:
    def __init__(self) -> None:
        self.rejected = {"P101": 7}


def _tried(number: int, *values: float, state: str = "complete") -> Tried:
    return Tried(number, {}, str(number), state, values or None)  # type: ignore[arg-type]


def _shown(tally: Tally) -> list[str]:
    terminal = rich.Console(width=80, height=24, color_system=None)
    with terminal.capture() as captured:
        terminal.print(_table(tally, Rejecting()))  # type: ignore[arg-type]
    return [line.rstrip() for line in captured.get().splitlines()]


def _under_way(trials: int | None) -> Tally:
    tally = Tally((Objective("accuracy", "maximize", ("accuracy",)),), lambda: 0.0)
    tally(Begun((), trials, None, 12))
    for number, state in enumerate(("failed", "pruned", "pruned")):
        tally(Ended(_tried(number, state=state)))
    tally(Ended(_tried(3, 0.75)))
    for number in range(4, 15):
        tally(Started(_tried(number)))
    return tally


def test_a_table_has_a_bar_and_a_line_for_each_thing_none_of_which_is_cut_off():
    bar, *lines = _shown(_under_way(40))
    assert set(bar) <= set("━╸╺")
    assert lines[:3] == [
        "searching  4 of 40 trials, 0 ms so far",
        "best       accuracy 0.75 (trial 3)",
        "besides    1 failed, 2 pruned (stopped early), 7 rejected before training",
    ]
    assert lines[3] == "running    trial 4"
    assert lines[-1].strip() == "and 3 more"
    assert len(lines) + 1 <= 24


def test_without_a_limit_there_is_no_bar():
    assert _shown(_under_way(None))[0] == "searching  4 trials, 0 ms so far"


def test_before_it_begins_it_is_starting():
    assert _shown(Tally((), lambda: 0.0)) == ["starting  0 ms so far"]


def test_plain_lines_say_the_same():
    told = "; ".join(standing(_under_way(40), Rejecting()))  # type: ignore[arg-type]
    assert told == (
        "4 of 40 trials; best accuracy 0.75 (trial 3); 1 failed; 2 pruned (stopped early); "
        "7 rejected before training"
    )


@pytest.mark.parametrize(("term", "is_it"), [("xterm", True), ("dumb", False), ("", True)])
def test_a_terminal_that_cannot_go_back_gets_plain_lines(monkeypatch: Any, term: str, is_it: bool):
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", term)
    assert is_animated(Terminal()) is is_it  # type: ignore[arg-type]
    assert not is_animated(None)
