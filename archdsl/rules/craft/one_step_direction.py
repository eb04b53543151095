"""P708: a direction of a recurrent layer that is read after one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.diagnostics import Amount, Edit, Fix, Label, Severity
from archdsl.ops.base import Trait
from archdsl.ops.reads import Reads
from archdsl.rules.base import Finding, Rule, place, trail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

ENDS = {Trait.TAKES_FIRST, Trait.TAKES_LAST}
MANY = 16  # readers of a layer that a finding can speak of


class OneStepDirection(Rule):
    """What is read of a recurrent layer has read the sequence.

    What: a recurrent layer of which nothing but one end is read, where one of its directions
    begins: the last position of a layer that reads both ways, or the first of any. Dropout, norms,
    activations, layers for each position and sums on the way make no difference. Silent where
    something reads other positions too, or takes a part of the features (`last -> slice(…)`).

    Why: at the last position the backward direction has read one step, the last. Its state before
    that is zero, so its recurrent weights get no gradient at all, and half of the features say
    nothing of the rest of the sequence.

    Evidence: the recurrence itself: h(t) = f(W x(t) + U h(t + 1)) with h(L + 1) = 0 is f(W x(L)) at
    the last position L, without U. PyTorch's documentation of nn.LSTM tells the final states of
    both directions (`h_n`) from the last element of `output`, which holds the backward direction's
    first. Schuster and Paliwal 1997 (Bidirectional Recurrent Neural Networks) read all positions.

    Example:

    ```arch
    arch Example {
      data  series(100, 8)
      model = lstm(64, bidirectional=true) -> last
    }
    ```

    Instead: `lstm(64, bidirectional=true) -> mean_over`, or `lstm(128) -> last`

    The fix takes the mean over positions, or the last position of a layer that only reads forward.
    It is another model, so it is applied with `--unsafe-fixes` only.
    """

    code = "P708"

    def check(self, case: Case) -> Iterable[Finding]:
        told = set()
        for step in case.having(Trait.RECURRENT):
            taken = _one_end(step, case)
            if taken and step.node.span not in told:
                told.add(step.node.span)
                yield _finding(step, taken, case)


def _one_end(step: Step, case: Case) -> list[Step]:
    """The ops that take the end at which a direction of a layer begins, when nothing else is read
    of it."""
    both = getattr(step.node.op, "bidirectional", False)
    taken = [case.steps[index] for index in sorted(case.fact(taken_at)[step.place])]
    ends = {trait for end in taken for trait in end.node.op.traits & ENDS}
    begins = ENDS if both else {Trait.TAKES_FIRST}
    alone = len(ends) == 1 and ends <= begins and types.spatial(step.node.out) != (1,)
    return taken if alone and _is_at_each_position(step) else []


def _is_at_each_position(step: Step) -> bool:
    """Whether its positions are those of what flows in, and not the layers of its last states."""
    told = (one for one in step.node.reads() if isinstance(one, Reads) and one.source == 0)
    return any(one.axes[0].to == 0 for one in told)


def taken_at(case: Case) -> list[frozenset[int]]:
    """For each op, the places of the ops that take one end of its positions; none when anything
    else reads some of them, or too many do to be named."""
    found: list[frozenset[int]] = [frozenset()] * len(case.steps)
    for step in reversed(case.steps):
        readers = [case.steps[index] for index in case.flat.readers[step.place]]
        parts = [_takes(reader, step, case, found) for reader in readers]
        together = frozenset[int]().union(*parts)
        if all(parts) and len(together) <= MANY:
            found[step.place] = together
    return found


def _takes(reader: Step, step: Step, case: Case, found: list[frozenset[int]]) -> frozenset[int]:
    traits = reader.node.op.traits
    if traits & ENDS:
        parts = [case.steps[index] for index in case.flat.readers[reader.place]]
        sliced = any(Trait.VIEW in part.node.op.traits for part in parts)
        return frozenset() if sliced else frozenset((reader.place,))
    alike = types.spatial(reader.node.out) == types.spatial(step.node.out)
    for_each = alike and not traits & {Trait.VIEW, Trait.MIXES_POSITIONS}
    return found[reader.place] if for_each else frozenset()


def _finding(step: Step, taken: list[Step], case: Case) -> Finding:
    first = Trait.TAKES_FIRST in taken[0].node.op.traits
    both = getattr(step.node.op, "bidirectional", False)
    steps = types.spatial(step.node.out)[0]
    other = "one direction with `last`" if both else "`last`"
    return Finding(
        Severity.WARNING,
        f"the {'forward' if first else 'backward'} direction has read one step only at the"
        f" {'first' if first else 'last'} position, and no other is read",
        place(case, step),
        measured=f"1 of {steps} steps",
        threshold="all steps",
        amount=Amount(1 / steps, 1),
        help=f"take `mean_over` or `max_over` of all positions, or {other}",
        fix=_fix(taken, "mean_over" if both else "last", case),
        also=(Label(place(case, taken[0]), "the position that is read"), *trail(case, step)),
    )


def _fix(taken: list[Step], instead: str, case: Case) -> Fix | None:
    """Another op in their place, where they stand in the spec and read nothing else."""
    spans = list(dict.fromkeys(end.node.span for end in taken))
    places = {step.place for span in spans for step in case.written[span]}
    here = all(span.source is case.span.source for span in spans)
    if not here or places != {end.place for end in taken}:
        return None
    return Fix(f"take `{instead}`", tuple(Edit(span, instead) for span in spans))
