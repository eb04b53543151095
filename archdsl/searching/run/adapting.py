"""Trials of another search, taken over where they still hold: the design exists, and it is the
same network, trained alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import SpecError
from archdsl.searching.objectives import Unreported
from archdsl.searching.run.taking_over import take_over
from archdsl.searching.troubles import storing

if TYPE_CHECKING:
    from archdsl.searching.judging import Judge
    from archdsl.searching.records import Tried
    from archdsl.searching.run.run import Run


REPLACED = "archdsl replaced by"  # of a study's attributes, which a dashboard shows


class Adapted(NamedTuple):
    """How many trials were moved over, and why others were not: how often each reason."""

    moved: int
    dropped: dict[str, int]


def adapt(old: Run, run: Run, judge: Judge) -> Adapted:
    """Move the ended trials of a run to another one, which this process has joined. It may be done
    again after it was interrupted."""
    old.sync()
    same = old.settings.evaluated == run.settings.evaluated
    dropped: dict[str, int] = {}
    numbers: dict[int, int] = {}  # the new ones, by the old
    with run.turn():
        run.sync()
        known = {tried.key: tried.number for tried in run.trials}
        for tried in old.trials:
            held = _held(tried, judge) if same else "they were evaluated in another way"
            if isinstance(held, str):
                dropped[held] = dropped.get(held, 0) + 1
                continue
            if held.key not in known:
                known[held.key] = run.add(held)
            numbers[tried.number] = known[held.key]
        take_over(run.folder, old.settings, run.settings, numbers)
        run.folder.write_settings(run.settings)
    return Adapted(len(numbers), dropped)


def retire(old: Run, run: Run) -> None:
    """Leave no study in a database that nobody understands: of the search that had the folder
    before, one in which nothing ended is removed, and any other says which took its place."""
    with storing(old.where), old.turn():
        old.sync()
        if old.has_ended_trials or old.is_worked_on():
            old.rows.set_study_attribute(REPLACED, run.settings.study)
        else:
            old.rows.remove_study()
    with storing(run.where):
        if run.rows.study_attributes().get(REPLACED):  # it was taken over itself, and is back
            run.rows.set_study_attribute(REPLACED, "")


def _held(tried: Tried, judge: Judge) -> Tried | str:
    """A trial as one of the new search, or why it says nothing of that."""
    if tried.state == "running":
        return "they had not ended"
    try:
        candidate = judge.candidates.candidate(tried.design)
    except SpecError:
        return "their design does not exist any more"
    if candidate.key != tried.key:
        return "their design is another network now"
    if tried.state != "complete":
        return replace(tried, values=None)
    try:
        return replace(tried, values=judge.values(tried.design, tried.metrics))
    except Unreported:
        return "they have no value of a new objective"
