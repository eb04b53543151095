"""P903: gradients in float16 that nothing keeps from vanishing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Severity
from archdsl.rules.base import Finding, Rule
from archdsl.rules.facts_training import rewritten, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.rules.case import Case


class UnscaledHalf(Rule):
    """In float16 gradients are scaled, or they vanish.

    What: `precision=fp16` with `loss_scaling=false`. Left out, the loss is scaled; `bf16` needs
    none, as it reaches as far as float32, and `amp` takes bfloat16 where it can.

    Why: float16 holds nothing below 6e-8, and gradients of deep networks are often smaller than
    that; those become 0, and what they belong to is not trained.

    Evidence: Micikevicius et al. 2018 (Mixed Precision Training, arXiv:1710.03740), section 3.2: a
    multibox SSD diverges in float16 unless its loss is scaled by 8. Kalamkar et al. 2019
    (arXiv:1905.12322): bfloat16 trains without scaling.

    Example:

    ```arch
    arch Example {
      data  table(40, samples=200_000)
      train adam(precision=fp16, loss_scaling=false)
      model = linear(32) -> relu -> linear(2)
    }
    ```

    Instead: `train adam(precision=fp16)`, or `train adam(precision=bf16)`

    The fix writes `loss_scaling=true`; it is applied with `--unsafe-fixes` only.
    """

    code = "P903"
    of_training = True

    def check(self, case: Case) -> Iterable[Finding]:
        train, span = case.train, written(case, "loss_scaling")
        if train is None or span is None or train.loss_scaling or train.precision != "fp16":
            return
        yield Finding(
            Severity.WARNING,
            "gradients below 6e-8 become 0: nothing scales them",
            span,
            measured="fp16 without loss scaling",
            threshold="loss scaling",
            amount=None,
            help="leave `loss_scaling` out, or take `precision=bf16`, which needs none",
            fix=rewritten(case, "loss_scaling", "true"),
        )
