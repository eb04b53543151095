"""P105: recurrence over more steps than it can carry anything across."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, led_there, place
from archdsl.rules.facts_ladder import for_sequence, reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class RecurrenceTooLong(Rule):
    """Recurrence forgets: over long sequences other layers remember better.

    What: the steps that a recurrent layer runs over, at the place where it stands, so that
    what shortens the sequence before it counts.

    Why: what the first step knows reaches the last through as many products as there are steps,
    and so does the gradient on its way back; and the steps run one after another, which leaves
    an accelerator idle.

    Evidence: Khandelwal et al. 2018 (arXiv:1805.04623): an LSTM language model uses about 200
    tokens of context and tells word order apart within about 50. Bengio et al. 1994 (Learning
    long-term dependencies with gradient descent is difficult) for the cause.

    Example:

    ```arch
    arch Example {
      data  series(2000, 8)
      model = lstm(256) -> last
    }
    ```

    Instead: `linear(64) -> position_embedding -> 4 * transformer_encoder(4) -> mean_over`; with
    few samples `each(i = 0 to 8, tcn_block(64, dilation=2 ^ i)) -> last`, or convolutions that
    shorten the sequence first: `2 * conv_bn_act(64, 5, stride=5) -> gru(64) -> last`
    """

    code = "P105"
    thresholds: ClassVar[Mapping[str, float]] = {"warning": 100, "error": 1_000}

    def check(self, case: Case) -> Iterable[Finding]:
        layers = [one for one in case.having(Trait.RECURRENT) if _is_over_positions(one)]
        if not layers:
            return
        longest = max(layers, key=_steps)
        steps = _steps(longest)
        graded = self.above(steps)
        if graded is None:
            return
        severity, most = graded
        yield Finding(
            severity,
            f"recurrence over {count(steps, 'step')}",
            place(case, longest),
            measured=count(steps, "step"),
            threshold=f"at most {most:,.0f}",
            amount=Amount(steps, most),
            help=self._ways_out(case, steps),
            also=led_there(longest),
        )

    def _ways_out(self, case: Case, steps: int) -> str:
        read = reading(case, steps)
        stride = -(-steps // self.settings["warning"])
        shorter = "" if read.each else f", or shorten the sequence {stride:g} times before"
        return f"take {for_sequence(read)}{shorter}"


def _is_over_positions(step: Step) -> bool:
    """Whether it goes from position to position; set2set goes over the nodes of a graph at once,
    a few times."""
    return isinstance(step.node.inputs[0], types.Sequence)


def _steps(step: Step) -> int:
    return types.spatial(step.node.inputs[0])[0]
