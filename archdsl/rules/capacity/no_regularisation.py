"""P503: more parameters than samples, and nothing that holds them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Edit, Fix, Severity
from archdsl.rules.base import Finding, Rule, count
from archdsl.rules.capacity._grades import held_by
from archdsl.rules.facts_capacity import body, per_unit, ratio, regularised
from archdsl.rules.facts_text import in_the_open
from archdsl.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case

DROPOUT = "dropout(0.5) -> "


class NoRegularisation(Rule):
    """With more parameters than samples something has to hold the design back.

    What: more than one parameter for each sample (embeddings left out, of which a sample reads a
    few rows), and nothing that has an effect: no dropout in the design, no `weight_decay` (AdamW
    has it by default), no `patience` and more than 10 `epochs` in the `train` clause, no
    augmentation and no pretraining in the `data` clause.

    Why: such a design can learn its samples by heart, and nothing makes the simple answer cheaper
    than the one that does.

    Evidence: Srivastava et al. 2014 (Dropout, JMLR 15): on MNIST the error of a dense network
    falls from 1.60 % to 1.25 % by dropout. Krogh & Hertz 1991 (A simple weight decay can
    improve generalization). Zhang et al. 2016 (arXiv:1611.03530), table 1: on CIFAR-10 an
    Inception gains 3 points by augmentation and weight decay.

    Example:

    ```arch
    arch Example {
      data  table(784, samples=60_000)
      train adam()
      model = linear(512) -> relu -> linear(10)
    }
    ```

    Instead: `linear(512) -> relu -> dropout(0.5) -> linear(10)`, or
    `train adamw(weight_decay=0.01)`
    """

    code = "P503"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"ratio": 1}

    def check(self, case: Case) -> Iterable[Finding]:
        measured, samples = case.fact(ratio), case.samples
        most = self.settings["ratio"]
        if samples is None or measured is None or measured <= most:
            return
        if case.fact(regularised):
            return
        yield Finding(
            Severity.NOTE,
            f"{count(case.fact(body), 'parameter')} for {count(samples, case.unit)}, "
            f"and {held_by(case)}",
            case.span,
            measured=per_unit(case, measured, most),
            threshold=f"at most {most:g} unregularised",
            amount=Amount(measured, most),
            help=_ways_out(case),
            fix=_dropout(case),
        )


def _ways_out(case: Case) -> str:
    """Dropout between layers; on the features themselves it would take away what there is."""
    decay = "put `weight_decay=0.01` into the `train` clause"
    if case.train is None:
        decay = "say `train adamw(weight_decay=0.01)`"
    if case.depth <= 1:
        return f"hold a linear model back by weight decay: {decay}"
    ways = ["put `dropout(0.5)` before the last layer", decay]
    return ", or ".join([*ways, "augment"] if _is_augmentable(case) else ways)


def _is_augmentable(case: Case) -> bool:
    return not isinstance(case.takes, (types.Vector, types.Nodes))


def _dropout(case: Case) -> Fix | None:
    """Dropout before the last layer with weights, where that is written out in the spec itself and
    is the last in every design of it."""
    if case.depth <= 1:
        return None
    head = case.weighted[-1]
    written = head.node.span
    if case.depths[head.place] < case.depth or not in_the_open(written):
        return None
    title = "put `dropout(0.5)` before the last layer"
    return Fix(title, (Edit(Span(written.source, written.start, written.start), DROPOUT),))
