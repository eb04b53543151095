"""Which layers let a position read what comes after it."""

from __future__ import annotations

from operator import sub
from typing import TYPE_CHECKING, NamedTuple

from archdsl.graph.flat import INPUT, is_input
from archdsl.rules.facts_paths import results
from archdsl.rules.facts_positions import (
    after,
    latest,
    latest_in_training,
    starts,
)
from archdsl.rules.facts_reads import sizes_of
from archdsl.rules.marks import Marks, Tracing

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.spec.task import Task


class Ahead(NamedTuple):
    """The position that reads furthest ahead, how far, and whether it does so in training only."""

    at: int
    by: int
    in_training: bool


class Looking(NamedTuple):
    """A task whose answers at positions may not rest on what comes after, and the place of its
    result."""

    task: Task
    result: int


def looks_back(case: Case) -> Looking | None:
    """The first task that may not look ahead; None where all of them may."""
    heads = case.task.heads if case.task is not None else ()
    told = zip(heads, case.fact(results), strict=False)
    bound = (Looking(task, place) for (_, task), place in told if task.looks_back())
    return next((one for one in bound if one.task.unit(case.data) == "token"), None)


def reads_ahead(case: Case) -> Ahead | None:
    """How far positions of that task's answer read ahead; None where none does, or it is not
    known."""
    looking = case.fact(looks_back)
    if looking is None or is_input(looking.result):
        return None
    for fact, in_training in ((latest, False), (latest_in_training, True)):
        marks = case.fact(fact)
        if marks is None:
            return None
        answer = case.flat.steps[looking.result].node.out
        at, by = _furthest(marks[looking.result], sizes_of(answer))
        if by > 0:
            return Ahead(at, by, in_training)
    return None


def _furthest(marks: Marks, sizes: tuple[int, ...]) -> tuple[int, int]:
    """The place along the first axis whose mark is most beyond its own number, and by how much."""
    row = list(map(sub, marks.along(0, sizes), range(sizes[0])))
    by = max(row)
    return row.index(by), by


def first_to_look(case: Case) -> list[Step]:
    """The layers that read ahead of their own accord: every one whose inputs, had they been mended,
    would not have read ahead. A layer that joins positions which a later one takes apart again is
    told of, not the later one."""
    wanted, looking = case.fact(reads_ahead), case.fact(looks_back)
    if wanted is None or looking is None:
        return []
    tracing = Tracing(wanted.in_training)
    start = starts(case, tracing)
    length = sizes_of(case.inputs[case.subject])[0]
    marks, joins, found = list[Marks](), list[int](), list[int]()
    for step in case.flat.steps:
        inputs = [start[k] if is_input(k) else marks[k] for k in step.inputs]
        before = [INPUT if is_input(k) else joins[k] for k in step.inputs]
        given, sizes = after(tracing, step, inputs), sizes_of(step.node.out)
        told = any(one.makes_a_difference for one in step.node.reads())
        own = step.place if told and _joins(inputs, given) else INPUT
        join = next((k for k in before if not is_input(k)), own)
        if sizes[0] == length and (0 in given.axes or not given.axes):
            if _furthest(given, sizes)[1] > 0:
                found.append(step.place if is_input(join) else join)
                row = map(min, given.along(0, sizes), range(length))
                given = tracing.kept(Marks((0,), tuple(row)))
            join = INPUT
        marks.append(given)
        joins.append(join)
    places = _leading(case, found, looking.result) or [looking.result]
    return [case.flat.steps[place] for place in dict.fromkeys(places)]


def _joins(inputs: list[Marks], given: Marks) -> bool:
    """Whether marks are lost: places of different ones became one."""
    if any(marks is given for marks in inputs):
        return False
    before = {mark for marks in inputs for mark in marks.at}
    return len(set(given.at)) < len(before)


def _leading(case: Case, places: list[int], answer: int) -> list[int]:
    """Those of some places that an answer depends on."""
    reached, waiting = {*case.inputs}, [answer]
    while waiting:
        place = waiting.pop()
        if place not in reached:
            reached.add(place)
            step = case.flat.steps[place]
            waiting.extend(step.inputs[source] for source in _read(step))
    return [place for place in places if place in reached]


def _read(step: Step) -> set[int]:
    """The inputs of an op that make a difference to its result."""
    return {one.source for one in step.node.reads() if one.makes_a_difference}
