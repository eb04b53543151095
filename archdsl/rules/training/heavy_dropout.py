"""P905: dropout that leaves hardly anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount, Fix, Severity
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_regularisation import dropped
from archdsl.rules.writing import written_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class HeavyDropout(Rule):
    """Dropout leaves most of what it is given.

    What: the rate of dropout and stochastic depth, also that inside attention and recurrence. From
    0.8 on it is warned of; what drops everything is rejected.

    Why: at 0.8 one number in five is left, and what is left is scaled up five times: gradients are
    noise, and what comes later learns from a fifth of its width. Where it is written, it is often
    the share to be *kept* of a spec for TensorFlow 1, which is 0.2 here.

    Evidence: Srivastava et al. 2014 (Dropout, JMLR 15), section 7.3 and figure 9: on MNIST the test
    error is flat between 0.2 and 0.6 dropped, and rises steeply towards 0.9. High rates that
    are published are about 0.7: Szegedy et al. 2014 (GoogLeNet, arXiv:1409.4842) in its auxiliary
    classifiers, Chen et al. 2020 (GCNII, arXiv:2007.02133) on Citeseer.

    Example:

    ```arch
    arch Example {
      data  table(64, samples=10_000)
      model = linear(128) -> relu -> dropout(0.9) -> linear(2)
    }
    ```

    Instead: `dropout(0.5)`, or `dropout(0.1)` and a smaller layer

    The fix writes 0.5 where the rate stands in the call; it is applied with `--unsafe-fixes` only.
    """

    code = "P905"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"warning": 0.8, "error": 1}

    def check(self, case: Case) -> Iterable[Finding]:
        for copies in case.written.values():
            rate = dropped(copies[0])
            if rate >= self.settings["warning"]:
                yield self._finding(case, copies[0], rate)

    def _finding(self, case: Case, step: Step, rate: float) -> Finding:
        whole = rate >= self.settings["error"]
        limit = self.settings["error" if whole else "warning"]
        left = "nothing is left" if whole else f"{1 - rate:.3g} of it is left"
        return Finding(
            Severity.ERROR if whole else Severity.WARNING,
            f"{rate:g} of what flows here is dropped in training: {left}",
            place(case, step),
            measured=f"{rate:g} dropped",
            threshold=f"less than {limit:g}",
            amount=Amount(rate, limit),
            help="0.1 to 0.5 is usual; a rate that is kept elsewhere is 1 less that rate here",
            fix=_fix(step, rate),
            also=trail(case, step),
        )


def _fix(step: Step, rate: float) -> Fix | None:
    edit = written_width(step.node.span, type(step.node.op), rate, 0.5)
    return Fix("write a rate of 0.5", (edit,)) if edit is not None else None
