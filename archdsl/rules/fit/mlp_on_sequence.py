"""P102: a sequence that is flattened into dense layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.rules.base import Finding, count, led_there, place
from archdsl.rules.each_input import OfEachInput
from archdsl.rules.facts_ladder import instead
from archdsl.rules.facts_structure import declared_baseline, flattened_stack, forecasts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case


class MlpOnSequence(OfEachInput):
    """Sequences are read by layers that know what comes before what.

    What: dense layers over the flattened positions of a sequence that no recurrence, convolution
    or attention has read before. A single one is a linear model and is noted only, and so is a
    declared baseline. So is forecasting (`task regress` on a series), where dense layers over a
    window are good practice, and up to 64 tokens: they can be the categories of one row, which
    stand in no order. Of up to 8 positions nothing is said: two ids, a window of five words.
    Positions that are averaged before the first dense layer (a bag of words) are not flattened.

    Why: a dense layer over flattened positions has a weight for each position, so that what it
    learns about a word at the third place it does not know at the fourth, and it cannot take a
    sequence of another length.

    Evidence: Goodfellow et al. 2016 (Deep Learning), chapter 10: a dense network has to learn the
    rules of a language at each position anew, a recurrent one shares them. For ids and categories:
    He et al. 2017 (NCF, arXiv:1708.05031) join two ids and put dense layers on them, Guo et al.
    2017 (DeepFM, arXiv:1703.04247) the 39 fields of a click; Bengio et al. 2003 (A Neural
    Probabilistic Language Model) the five words before the next. For forecasting:
    N-BEATS (Oreshkin et al. 2019, arXiv:1905.10437), a stack of dense layers over the window, is
    3 % more accurate than the winner of the M4 competition; Zeng et al. 2022 (arXiv:2205.13504)
    beat the transformers of their day with a linear layer.

    Example:

    ```arch
    arch Example {
      data  series(100, 8)
      model = flatten -> linear(256) -> relu -> linear(10)
    }
    ```

    Instead: `gru(64) -> last -> linear(10)`
    """

    code = "P102"
    thresholds: ClassVar[Mapping[str, float]] = {"error": 1, "ids": 8, "fields": 64}

    def check_input(self, case: Case) -> Iterable[Finding]:
        if not isinstance(case.takes, (types.Sequence, types.Tokens)):
            return
        stack = case.fact(flattened_stack)
        if not stack or case.takes.length <= self.settings["ids"]:
            return
        most = self.settings["error"]
        few = len(stack) <= most or case.fact(declared_baseline)
        fields = self._may_be_fields(case)
        yield Finding(
            Severity.NOTE if few or fields or case.fact(forecasts) else Severity.ERROR,
            f"a sequence of {case.takes.length:,} positions is flattened into dense layers",
            place(case, stack[0]),
            measured=count(len(stack), "dense layer"),
            threshold=f"at most {most:g}",
            amount=Amount(len(stack), most),
            help=_way_out(case, few, fields),
            also=led_there(stack[0]),
        )

    def _may_be_fields(self, case: Case) -> bool:
        """Whether tokens can be the categories of one row, each field with ids of its own."""
        takes = case.takes
        short = isinstance(takes, types.Tokens) and takes.length <= self.settings["fields"]
        return short and case.unit == "sample"


def _way_out(case: Case, few: bool, fields: bool) -> str:
    if few:
        return f"keep it as the baseline of {instead(case)}"
    if case.fact(forecasts):
        return f"hold it against a single `linear`, and against {instead(case)}"
    if fields:
        return (
            "if these are categories of one row, they stand in no order: keep it; "
            f"if they are a text, take {instead(case)}"
        )
    return f"take {instead(case)}"
