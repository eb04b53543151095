"""P502: too few parameters to use the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount, Severity
from archdsl.rules.base import Finding, Rule, count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case


class Undercapacity(Rule):
    """A design should be large enough to use the data it is given.

    What: fewer than 0.0001 parameters for each sample, on more than 10,000 samples.

    Why: with more than 10,000 samples for each parameter every parameter has long been settled,
    and what the samples could still teach finds no place. It is only a note: a simple truth needs
    no more, and a small model may be wanted for its speed.

    Evidence: Kaplan et al. 2020 (arXiv:2001.08361): at a given size the loss of a language model
    stops falling with more data. Hoffmann et al. 2022 (arXiv:2203.15556): the best size grows in
    step with the data, by one parameter for about 20 tokens.

    Example:

    ```arch
    arch Example {
      data  table(20, samples=10_000_000)
      model = linear(1)
    }
    ```

    Instead: more width or depth: `linear(64) -> relu -> linear(1)`
    """

    code = "P502"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"ratio": 0.0001, "samples": 10_000}

    def check(self, case: Case) -> Iterable[Finding]:
        samples = case.samples
        measured = case.params / samples if samples else 0
        if not measured or samples is None or samples <= self.settings["samples"]:
            return
        if measured >= self.settings["ratio"]:
            return
        wanted = self.settings["ratio"] * samples
        each, most = 1 / measured, 1 / self.settings["ratio"]
        yield Finding(
            Severity.NOTE,
            f"{count(case.params, 'parameter')} for {count(samples, case.unit)}",
            case.span,
            measured=f"{each:,.0f} {case.unit}s a parameter",
            threshold=f"at most {most:,.0f}",
            amount=Amount(each, most),
            help=f"more width or depth: {wanted:,.0f} parameters or more",
        )
