"""P809: a softmax between hidden layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Amount, Edit, Fix, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.facts_paths import gives_back, spine
from archdsl.rules.facts_weighing import readers, weighs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

INSTEAD = "relu"


class HiddenSoftmax(Rule):
    """A softmax weighs something; it is no activation between layers.

    What: a softmax that every path passes, whose result a further layer reads, and that no product
    reads: it weighs no other branch, as in attention and mixtures of experts. Beside a way round
    (attention to learned vectors) it is fine, and so is the code of an autoencoder (topics).

    Why: all features of a position share a sum of 1, so that of many each is near 1 / width, and
    the more one grows the less is left of the others. What a layer found strongly everywhere and
    what it found nowhere look the same, and the gradient is divided by the width.

    Evidence: Bridle 1990 (Probabilistic interpretation of feedforward classification network
    outputs): for outputs. The slope of a softmax is p (1 - p): of 128 nearly equal numbers 0.0078,
    where ReLU has 1. Where published networks have one inside it weighs: Vaswani et al. 2017
    (arXiv:1706.03762), Shazeer et al. 2017 (arXiv:1701.06538), Guo et al. 2021
    (arXiv:2105.02358), Srivastava and Sutton 2017 (arXiv:1703.01488, topics).

    Example:

    ```arch
    arch Example {
      data  table(20)
      model = linear(64) -> softmax -> linear(1)
    }
    ```

    Instead: `linear(64) -> relu -> linear(1)`

    The fix writes `relu` instead. It is another model, so it is applied with `--unsafe-fixes` only.
    """

    code = "P809"

    def check(self, case: Case) -> Iterable[Finding]:
        if not case.having(Trait.SHARES) or case.fact(gives_back):
            return
        hidden = [
            step
            for step in case.fact(spine)
            if Trait.SHARES in step.node.op.traits
            and any(Trait.WEIGHTED in reader.node.op.traits for reader in readers(step, case))
            and not weighs(step, case)
        ]
        if hidden:
            yield _finding(hidden, case)


def _finding(hidden: list[Step], case: Case) -> Finding:
    return Finding(
        Severity.WARNING,
        "a softmax between layers: all features of a position share a sum of 1",
        place(case, hidden[0]),
        measured=f"{count(len(hidden), 'softmax').replace('softmaxs', 'softmaxes')} between layers",
        threshold="an activation such as `relu`",
        amount=Amount(len(hidden), 0),
        help="write `relu` or `gelu`; a softmax belongs on what is to weigh something else",
        fix=_fix(hidden, case),
        also=trail(case, hidden[0]),
    )


def _fix(hidden: list[Step], case: Case) -> Fix | None:
    spans = sorted({step.node.span for step in hidden}, key=lambda span: span.start)
    copies = [step for span in spans for step in case.written[span]]
    if len(copies) > len(hidden) or any(span.source is not case.span.source for span in spans):
        return None
    return Fix(f"write `{INSTEAD}` instead", tuple(Edit(span, INSTEAD) for span in spans))
