"""P811: dropout right before a norm over the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Amount, Edit, Fix, Label, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.facts_paths import back
from archdsl.rules.facts_regularisation import LEAST_RATE, dropped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

PASSES = {Trait.VIEW, Trait.ACTIVATION, Trait.REGULARIZER}


class DropoutBeforeBatchNorm(Rule):
    """No dropout right before a batch norm.

    What: batch norm of what dropout gives, with activations or views between them at most. With a
    layer between them (the dropout of wide residual networks) it is not meant, nor is drop path,
    nor a rate below 0.01.

    Why: dropout keeps the mean and raises the variance of what it lets through, in training alone.
    Batch norm learns that variance, and in use divides by it what has a smaller one.

    Evidence: Li et al. 2018 (arXiv:1801.05134, Understanding the Disharmony between Dropout and
    Batch Normalization by Variance Shift): the ratio of variances is 1 / (1 - rate) at mean 0; on
    CIFAR-100 (figure 1) dropout of 0.5 in each block of a DenseNet lowers the accuracy from 77.4 %
    to 68.6 %. Their way out is dropout behind the last norm.

    Example:

    ```arch
    arch Example {
      data  table(20)
      model = linear(64) -> relu -> dropout(0.5) -> batch_norm -> linear(1)
    }
    ```

    Instead: `linear(64) -> batch_norm -> relu -> dropout(0.5) -> linear(1)`

    The fix changes the places of the two where they stand side by side. It is another model, so it
    is applied with `--unsafe-fixes` only.
    """

    code = "P811"
    of_training = True

    def check(self, case: Case) -> Iterable[Finding]:
        pairs = [
            (drop, norm)
            for norm in case.having(Trait.OVER_BATCH)
            if (drop := _dropout_before(norm, case)) is not None
        ]
        if not pairs:
            return
        drop, norm = pairs[0]
        yield Finding(
            Severity.WARNING,
            "in training this norm sees the variance that dropout adds, in use it does not",
            place(case, norm),
            measured=f"{count(len(pairs), 'norm')} of what dropout gives",
            threshold="dropout behind the norm",
            amount=Amount(len(pairs), 0),
            help="put the dropout behind the norm and its activation, or leave it out",
            fix=_fix(pairs, case),
            also=(Label(place(case, drop), f"dropout of {dropped(drop):g}"), *trail(case, norm)),
        )


def _dropout_before(norm: Step, case: Case) -> Step | None:
    for step in back(case, norm.inputs[0]):
        if _drops(step):
            return step
        if not step.node.op.traits & PASSES:
            return None
    return None


def _drops(step: Step) -> bool:
    traits = step.node.op.traits
    rate = dropped(step) if Trait.DROPS_SAMPLES not in traits else 0
    return Trait.REGULARIZER in traits and rate >= LEAST_RATE


def _fix(pairs: list[tuple[Step, Step]], case: Case) -> Fix | None:
    """Both in the places of each other, where they stand side by side in the spec, every copy, and
    what reads the norm is a layer."""
    spans = {(drop.node.span, norm.node.span) for drop, norm in pairs}
    told = {step.place for pair in pairs for step in pair}
    copies = {s.place for pair in spans for span in pair for s in case.written[span]}
    if copies != told or not all(_are_neighbours(*pair, case) for pair in pairs):
        return None
    edits = [Edit(a, b.text) for pair in spans for a, b in (pair, pair[::-1])]
    return Fix("put the dropout behind the norm", tuple(sorted(edits, key=lambda e: e.span.start)))


def _are_neighbours(drop: Step, norm: Step, case: Case) -> bool:
    source, before, behind = case.span.source, drop.node.span, norm.node.span
    if any(span.source is not source for span in (before, behind)):
        return False
    readers = [case.steps[place] for place in case.flat.readers[norm.place]]
    layers = all(Trait.WEIGHTED in reader.node.op.traits for reader in readers)
    return layers and source.text[before.end : behind.start].strip() == "->"
