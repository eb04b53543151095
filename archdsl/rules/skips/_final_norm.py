"""A norm written behind a stack of residual branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.rows import label
from archdsl.diagnostics import Edit
from archdsl.ops.base import Trait
from archdsl.rules.facts_norms import BOUNDS
from archdsl.rules.facts_text import in_the_open, result_of
from archdsl.source import Span

if TYPE_CHECKING:
    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


def final_norm(case: Case, end: int, norm: Step) -> Edit | None:
    """The edit that writes the norm of a branch behind the op at a place, with the activation that
    follows the norm in the branch: before the first op up to the next layer that is a step of the
    model, and at the end of the model where there is no such op and no layer. None where a norm
    follows already, or where there is no such place.
    """
    reading, words = _as_it_is(case, end), norm_words(case, norm)
    before = next((step.node.span for step in reading if _is_open(step, norm, case)), None)
    if before is not None:
        return Edit(_at(before, before.start), f"{words} -> ")
    last = reading[-1].place if reading else end
    result = result_of(case.span)
    if result is None or last != case.flat.output or not _gives(case.steps[last], norm):
        return None
    return Edit(_at(result, result.end), f" -> {words}")


def norm_words(case: Case, norm: Step) -> str:
    """What a norm behind a stack is written as: ``group_norm(8) -> relu``."""
    return " -> ".join(label(step.node) for step in (norm, *_activation(case, norm)))


def _as_it_is(case: Case, end: int) -> list[Step]:
    """The ops that read the result at a place with no norm on the way, to the first layer or to the
    end of the model; none where a norm stands before both."""
    bare = {end}
    found: list[Step] = []
    for step in case.steps[end + 1 :]:
        if bare.isdisjoint(step.inputs) or BOUNDS & step.node.op.traits:
            continue
        found.append(step)
        bare.add(step.place)
        if Trait.WEIGHTED in step.node.op.traits:
            return found
    return found if case.flat.output in bare else []


def _activation(case: Case, norm: Step) -> list[Step]:
    """The activation that alone reads the norm, as in pre-activation residual networks."""
    readers = [case.steps[place] for place in case.flat.readers[norm.place]]
    alone = len(readers) == 1 and Trait.ACTIVATION in readers[0].node.op.traits
    return readers if alone else []


def _is_open(step: Step, norm: Step, case: Case) -> bool:
    """Whether a norm can be written before an op: it is a step of the model, no merge of branches,
    of what the norm takes."""
    span = step.node.span
    taken = [type(each) for each in step.node.inputs]
    alone = taken == [type(norm.node.inputs[0])]
    return alone and span.source is case.span.source and in_the_open(span)


def _gives(last: Step, norm: Step) -> bool:
    """Whether an op is no layer, and gives what a norm takes."""
    alike = type(last.node.out) is type(norm.node.inputs[0])
    return alike and Trait.WEIGHTED not in last.node.op.traits


def _at(span: Span, place: int) -> Span:
    return Span(span.source, place, place)
