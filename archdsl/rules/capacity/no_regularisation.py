"""P503: more parameters than samples, and nothing that holds them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Edit, Fix, Severity
from archdsl.rules.base import Finding, Rule, count
from archdsl.rules.facts_capacity import per_unit, ratio, regularised

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case


class NoRegularisation(Rule):
    """With more parameters than samples something has to hold the design back.

    What: more than one parameter for each sample, and no dropout in the design, no `weight_decay`
    in the `train` clause (AdamW has it by default) and no augmentation in the `data` clause.

    Why: such a design can learn its samples by heart, and nothing makes the simple answer cheaper
    than the one that does.

    Evidence: Srivastava et al. 2014 (Dropout, JMLR 15): on MNIST the error of a dense network
    falls from 1.60 % to 1.25 % by dropout. Krogh & Hertz 1991 (A simple weight decay can
    improve generalization). Zhang et al. 2016 (arXiv:1611.03530), table 1: on CIFAR-10 an
    Inception gains 3 points by augmentation and weight decay.

    Example: `linear(512) -> relu -> linear(10)` on `data table(784, samples=60_000)`, with
    `train adam()`

    Instead: `linear(512) -> relu -> dropout(0.5) -> linear(10)`, or
    `train adamw(weight_decay=0.01)`
    """

    code = "P503"
    thresholds: ClassVar[Mapping[str, float]] = {"ratio": 1}

    def check(self, case: Case) -> Iterable[Finding]:
        measured, samples = case.fact(ratio), case.samples
        if samples is None or measured is None or measured <= self.settings["ratio"]:
            return
        if case.fact(regularised) or case.data.augment != "none":
            return
        yield Finding(
            Severity.NOTE,
            f"{count(case.graph.params, 'parameter')} for {count(samples, case.unit)}, "
            "and no dropout, weight decay or augmentation",
            case.span,
            measured=per_unit(case, measured),
            threshold=f"at most {self.settings['ratio']:g} unregularised",
            help="put `dropout(0.5)` before the last layer, or `weight_decay=0.01` into the "
            "`train` clause, or augment",
            fix=_dropout(case),
        )


def _dropout(case: Case) -> Fix | None:
    """Dropout before the last layer with weights, where that stands in the spec itself."""
    if not case.weighted:
        return None
    head = case.weighted[-1]
    if head.call is not None or head.node.span.source is not case.span.source:
        return None
    written = head.node.span
    edit = Edit(written, f"(dropout(0.5) -> {written.text})")
    return Fix("put `dropout(0.5)` before the last layer", (edit,))
