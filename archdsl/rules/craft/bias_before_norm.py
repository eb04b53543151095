"""P705: biases that the norm behind them takes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.diagnostics import Amount, Fix, Label, Severity
from archdsl.graph.nodes import once
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.writing import written_flag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import OpNode
    from archdsl.rules.case import Case


class BiasBeforeNorm(Rule):
    """No bias before a norm that subtracts the channel mean.

    What: layers with a bias for each channel whose result goes into normalisations that subtract
    each channel's mean (batch and instance norm), and nowhere else.

    Why: what is added to a channel is subtracted with its mean; the bias never has an effect, its
    gradient is zero, and it costs memory and a pass over the tensor. The norm's own shift takes
    its place. Layer, group and RMS norm do not subtract channel means: a bias before them acts.

    Evidence: Ioffe and Szegedy 2015 (arXiv:1502.03167, section 3.2): "the bias b can be ignored
    since its effect will be canceled by the subsequent mean subtraction".

    Example:

    ```arch
    arch Example {
      data  image(3, 64, 64)
      model = conv(64, 3) -> batch_norm
    }
    ```

    Instead: `conv(64, 3, bias=false) -> batch_norm`

    The fix writes `bias=false`. It takes parameters away, so that weights saved before no longer
    load: it is applied with `--unsafe-fixes` only.
    """

    code = "P705"

    def check(self, case: Case) -> Iterable[Finding]:
        if not case.having(Trait.CENTERING):
            return
        for steps in case.written.values():
            dead = [step for step in steps if _is_dead(step, case)]
            if dead:
                yield _finding(dead, len(dead) == len(steps), case)


def _is_dead(step: Step, case: Case) -> bool:
    if not _has_bias(step.node):
        return False
    readers = [case.steps[place] for place in case.flat.readers[step.place]]
    return bool(readers) and all(Trait.CENTERING in one.node.op.traits for one in readers)


@once
def _has_bias(node: OpNode) -> bool:
    """Whether to add a bias is the last thing a layer does: no activation of its own follows."""
    op = node.op
    adds = op.traits & {Trait.CONVOLUTION, Trait.DENSE, Trait.MESSAGE_PASSING}
    activates = getattr(op, "act", "identity") != "identity"
    return bool(adds) and getattr(op, "bias", False) and not activates


def _finding(dead: list[Step], always: bool, case: Case) -> Finding:
    first = dead[0]
    biases = sum(types.channels(step.node.out) for step in dead)
    norm = case.steps[case.flat.readers[first.place][0]]
    return Finding(
        Severity.NOTE,
        "this bias has no effect: the norm behind it subtracts the channel's mean",
        place(case, first),
        measured=f"{count(biases, 'parameter')} without effect",
        threshold="no bias",
        amount=Amount(biases, 0),
        help="write `bias=false`" if always else "write `bias=false` where a norm follows",
        fix=_fix(first, case) if always else None,
        also=(Label(place(case, norm), "subtracts the mean"), *trail(case, first)),
    )


def _fix(step: Step, case: Case) -> Fix | None:
    span = step.node.span
    edit = written_flag(span, type(step.node.op), "bias", "false")
    if edit is None or span.source is not case.span.source:
        return None
    return Fix("write `bias=false`", (edit,))
