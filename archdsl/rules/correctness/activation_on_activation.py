"""P808: an activation right behind another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Amount, Label, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.correctness._removing import removed
from archdsl.rules.facts_output import at_the_end
from archdsl.rules.facts_paths import back
from archdsl.rules.facts_weighing import weighs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class ActivationOnActivation(Rule):
    """One activation behind a layer.

    What: an activation whose input is another one's result, with dropout or views between them at
    most. A softmax may stand behind an activation (the scores of attention do), and so may the
    last of what becomes a factor of something else (a gate, Mish written out). Gated units (GLU)
    have a product in them and count as none.

    Why: the second bends what the first bent already, and their slopes multiply: sigmoid, tanh and
    ReLU in a row let through a quarter of a gradient at best. A ReLU behind a ReLU does nothing.

    Evidence: of the slopes, calculus: 1/4 for sigmoid, 1 for tanh and ReLU at most. Glorot and
    Bengio 2010 (Understanding the difficulty of training deep feedforward neural networks).
    Published networks have one activation behind a layer.

    Example:

    ```arch
    arch Example {
      data  table(20)
      model = linear(64) -> sigmoid -> relu -> linear(1)
    }
    ```

    Instead: `linear(64) -> relu -> linear(1)`

    The fix keeps the last one, between layers the last that does not saturate. It is another model,
    so it is applied with `--unsafe-fixes` only.
    """

    code = "P808"

    def check(self, case: Case) -> Iterable[Finding]:
        pairs = [
            (before, step)
            for step in case.having(Trait.ACTIVATION)
            if (before := _before(step, case)) is not None and not _is_meant(step, case)
        ]
        if pairs:
            before, step = pairs[0]
            yield Finding(
                Severity.WARNING,
                "an activation acts on what another one gives",
                place(case, step),
                measured=f"{count(len(pairs), 'activation')} on another",
                threshold="one behind a layer",
                amount=Amount(len(pairs), 0),
                help="remove one of the two",
                fix=removed(_needless(pairs, case), case),
                also=(Label(place(case, before), "the first activation"), *trail(case, step)),
            )


def _before(step: Step, case: Case) -> Step | None:
    """The activation whose result it acts on."""
    for found in back(case, step.inputs[0]):
        traits = found.node.op.traits
        if Trait.ACTIVATION in traits:
            return None if Trait.GATED in traits else found
        if not traits & {Trait.REGULARIZER, Trait.VIEW}:
            return None
    return None


def _needless(pairs: list[tuple[Step, Step]], case: Case) -> list[Step]:
    """All activations of each row but the one that is kept."""
    rows: dict[int, list[Step]] = {}  # by the place of their last
    for before, step in pairs:
        rows[step.place] = [*rows.pop(before.place, [before]), step]
    ending = {one.step.place for one in case.fact(at_the_end)}
    kept = {_kept(row, row[-1].place in ending).place for row in rows.values()}
    return [step for row in rows.values() for step in row if step.place not in kept]


def _kept(row: list[Step], ends: bool) -> Step:
    lasting = [step for step in row if Trait.SATURATING not in step.node.op.traits]
    return row[-1] if ends or not lasting else lasting[-1]


def _is_meant(step: Step, case: Case) -> bool:
    traits = step.node.op.traits
    return bool(traits & {Trait.SHARES, Trait.GATED}) or weighs(step, case)
