"""P806: dropout on the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Amount, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.correctness._removing import removed
from archdsl.rules.facts_output import at_the_end
from archdsl.rules.facts_regularisation import LEAST_RATE, dropped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.rules.case import Case


class DropoutOnOutput(Rule):
    """No dropout on what a model answers.

    What: dropout or drop path between the layer that makes the answer and the result of a model
    with a task. Dropout on what is averaged over positions afterwards, or summed with other
    answers (as in GIN's readout), does not count, nor does a rate below 0.01.

    Why: dropout makes hidden features do without each other. An answer that is dropped is replaced
    by 0, whatever the model knows: the loss of that sample tells nothing, and the others are
    scaled up by 1 / (1 - rate).

    Evidence: Srivastava et al. 2014 (Dropout, JMLR 15): dropout of inputs and of hidden units, and
    of no output. Hinton et al. 2012 (arXiv:1207.0580).

    Example:

    ```arch
    arch Example {
      data  table(20)
      task  classify(10)
      model = linear(64) -> relu -> linear(classes) -> dropout(0.5)
    }
    ```

    Instead: `linear(64) -> relu -> dropout(0.5) -> linear(classes)`

    The fix removes it. Training becomes another one, so it is applied with `--unsafe-fixes` only.
    """

    code = "P806"
    of_training = True

    def check(self, case: Case) -> Iterable[Finding]:
        ends = case.fact(at_the_end) if case.task is not None else ()
        drops = [one.step for one in ends if one.has(Trait.REGULARIZER)]
        drops = [step for step in drops if dropped(step) >= LEAST_RATE]
        if drops:
            rate = dropped(drops[0])
            yield Finding(
                Severity.WARNING,
                f"in training {100 * rate:g} % of the answers are replaced by 0",
                place(case, drops[0]),
                measured=f"dropout of {rate:g} on the result",
                threshold="none",
                amount=Amount(rate, 0),
                help="remove it, or let it stand before the last layer",
                fix=removed(drops, case),
                also=trail(case, drops[0]),
            )
