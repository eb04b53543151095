"""P906: regularisation too weak to do anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Amount, Fix, Severity
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_regularisation import in_name_only
from archdsl.rules.facts_training import rewritten, written
from archdsl.rules.writing import written_width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.rules.facts_regularisation import Regulariser


class RegularisationInNameOnly(Rule):
    """What is there to regularise has an effect.

    What: a `weight_decay` below 1e-8 (below 1e-6 where it is taken off the weights: `adamw`,
    `lion`, `adafactor`), and dropout or stochastic depth whose largest rate in the whole design is
    below 0.01. A rate or a decay of 0 says what it does, and is silent.

    Why: such a number does nothing, and hides from who reads it, and from what counts
    regularisers, that nothing holds the design back.

    Evidence: dropout of 0.0001 leaves a vector of 64 numbers as it is in 99.4 % of all steps. A
    decay of 1e-12 at a rate of 0.1 takes off a ten-thousandth in 10^9 steps. Small ones that
    are published are larger: 1.2e-6, added (Merity et al. 2017, AWD-LSTM, arXiv:1708.02182, in
    their code), and 1e-5, taken off (Gorishniy et al. 2021, arXiv:2106.11959).

    Example:

    ```arch
    arch Example {
      data  table(64, samples=10_000)
      model = linear(128) -> relu -> dropout(0.0001) -> linear(2)
    }
    ```

    Instead: `dropout(0.1)`, or none

    The fix writes what is usual; it is applied with `--unsafe-fixes` only.
    """

    code = "P906"
    of_training = True

    def check(self, case: Case) -> Iterable[Finding]:
        for one in case.fact(in_name_only):
            if one.step is not None:
                yield _of_step(case, one, one.step)
            else:
                yield from _of_clause(case, one)


def _of_step(case: Case, found: Regulariser, step: Step) -> Finding:
    usual = round(found.usual, 9)
    edit = written_width(step.node.span, type(step.node.op), found.amount, usual)
    return Finding(
        Severity.WARNING,
        f"a rate of {found.amount:g} drops nothing worth mentioning",
        place(case, step),
        measured=f"{found.amount:g} dropped",
        threshold=f"at least {found.least:g}, or 0",
        amount=Amount(found.amount, found.least),
        help="0.1 to 0.5 regularises; without it the design is what it seems",
        fix=Fix(f"write a rate of {usual:g}", (edit,)) if edit is not None else None,
        also=trail(case, step),
    )


def _of_clause(case: Case, found: Regulariser) -> Iterable[Finding]:
    """Of the ``train`` clause, which has an argument of that name."""
    span, usual = written(case, found.kind), found.usual
    if span is not None:
        yield Finding(
            Severity.WARNING,
            f"a weight decay of {found.amount:g} takes nothing off",
            span,
            measured=f"{found.amount:g}",
            threshold=f"at least {found.least:g}, or 0",
            amount=Amount(found.amount, found.least),
            help=f"{usual:g} is usual; without it the design is what it seems",
            fix=rewritten(case, found.kind, f"{usual:g}"),
        )
