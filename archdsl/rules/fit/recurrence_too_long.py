"""P105: recurrence over more steps than it can carry anything across."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, led_there, place
from archdsl.rules.facts_ladder import for_sequence

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

    Example: `lstm(256) -> last` on `data series(2000, 8)`

    Instead: `position_embedding -> 4 * transformer_encoder(4)`; with few samples, convolutions
    that shorten the sequence first: `conv(64, 5, stride=4) -> gru(64)`
    """

    code = "P105"
    thresholds: ClassVar[Mapping[str, float]] = {"warning": 100, "error": 1_000}

    def check(self, case: Case) -> Iterable[Finding]:
        layers = case.having(Trait.RECURRENT)
        if not layers:
            return
        longest = max(layers, key=_steps)
        steps = _steps(longest)
        if steps <= self.settings["warning"]:
            return
        rejected = steps > self.settings["error"]
        stride = -(-steps // self.settings["warning"])
        yield Finding(
            Severity.ERROR if rejected else Severity.WARNING,
            f"recurrence over {count(steps, 'step')}",
            place(case, longest),
            measured=count(steps, "step"),
            threshold=f"at most {self.settings['error' if rejected else 'warning']:,.0f}",
            help=f"take {for_sequence(steps, case.samples)}, or shorten the sequence "
            f"{stride:g} times before",
            also=led_there(longest),
        )


def _steps(step: Step) -> int:
    return types.spatial(step.node.inputs[0])[0]
