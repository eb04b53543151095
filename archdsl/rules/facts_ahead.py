"""Which layers let a position read what comes after it."""

from __future__ import annotations

from operator import sub
from typing import TYPE_CHECKING, NamedTuple

from archdsl.graph.flat import INPUT, is_input
from archdsl.rules.facts_positions import (
    after,
    latest,
    latest_in_training,
    starts,
)
from archdsl.rules.facts_reads import makes_a_difference, sizes_of
from archdsl.rules.marks import Marks, Tracing

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class Ahead(NamedTuple):
    """The position that reads furthest ahead, how far, and whether it does so in training only."""

    at: int
    by: int
    in_training: bool


def reads_ahead(case: Case) -> Ahead | None:
    """How far positions of the answer read ahead; None where none does, or it is not known."""
    for fact, in_training in ((latest, False), (latest_in_training, True)):
        marks = case.fact(fact)
        if marks is None or is_input(case.flat.output):
            return None
        at, by = _furthest(marks[case.flat.output], sizes_of(case.graph.model.out))
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
    wanted = case.fact(reads_ahead)
    if wanted is None:
        return []
    tracing = Tracing(wanted.in_training)
    start = starts(case, tracing)
    length = sizes_of(case.inputs[case.subject])[0]
    marks, joins, found = list[Marks](), list[int](), list[int]()
    for step in case.flat.steps:
        inputs = [start[k] if is_input(k) else marks[k] for k in step.inputs]
        before = [INPUT if is_input(k) else joins[k] for k in step.inputs]
        given, sizes = after(tracing, step, inputs), sizes_of(step.node.out)
        told = any(map(makes_a_difference, step.node.reads()))
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
    places = _leading(case, found) or [case.flat.output]
    return [case.flat.steps[place] for place in dict.fromkeys(places)]


def _joins(inputs: list[Marks], given: Marks) -> bool:
    """Whether marks are lost: places of different ones became one."""
    if any(marks is given for marks in inputs):
        return False
    before = {mark for marks in inputs for mark in marks.at}
    return len(set(given.at)) < len(before)


def _leading(case: Case, places: list[int]) -> list[int]:
    """Those of some places that the answer depends on."""
    reached, waiting = {*case.inputs}, [case.flat.output]
    while waiting:
        place = waiting.pop()
        if place not in reached:
            reached.add(place)
            step = case.flat.steps[place]
            waiting.extend(step.inputs[source] for source in _read(step))
    return [place for place in places if place in reached]


def _read(step: Step) -> set[int]:
    """The inputs of an op that make a difference to its result."""
    return {one.source for one in step.node.reads() if makes_a_difference(one)}
