"""P907: weight decay that leaves nothing to learn with."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount
from archdsl.rules.base import Finding, Rule
from archdsl.rules.facts_training import optimizer, rejected_alike, rewritten, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from archdsl.rules.case import Case


class ExcessiveWeightDecay(Rule):
    """Weight decay leans on the weights, it does not crush them.

    What: `weight_decay` of the `train` clause above what its optimizer is known to bear: 0.1 where
    it is added to the gradients (`sgd`, `adam`, `rmsprop` and others), 1 where it is taken off the
    weights (`adamw`, `adafactor`), 10 for `lion`, whose rates are as much smaller. Above ten times
    that it is rejected.

    Why: of 5 added to the gradient, the gradient is no part worth mentioning: all weights go to 0,
    and the model answers the same whatever it is asked.

    Evidence: He et al. 2015 (arXiv:1512.03385): 1e-4. Zagoruyko & Komodakis 2016
    (arXiv:1605.07146): 5e-4. Loshchilov & Hutter 2019 (arXiv:1711.05101) tell added decay from
    decay that is taken off. Dosovitskiy et al. 2020 (ViT, arXiv:2010.11929), table 3: 0.3. Power et
    al. 2022 (arXiv:2201.02177): 1, taken off. Chen et al. 2023 (arXiv:2302.06675), section 5: three
    to ten times more for Lion.

    Example:

    ```arch
    arch Example {
      data  table(40, samples=200_000)
      train sgd(batch=256, lr=0.1, weight_decay=5)
      model = linear(128) -> relu -> linear(2)
    }
    ```

    Instead: `train sgd(batch=256, lr=0.1, weight_decay=1e-4)`

    The fix writes the optimizer's usual decay; it is applied with `--unsafe-fixes` only.
    """

    code = "P907"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"warning": 1, "error": 10}

    def check(self, case: Case) -> Iterable[Finding]:
        train, span = case.train, written(case, "weight_decay")
        if span is None:
            return
        assert train is not None
        known, decay = train.decays, train.weight_decay
        over = self.above(decay / known.most)
        if over is None:
            return
        severity, times = over
        yield Finding(
            severity,
            f"a weight decay of {decay:g} leaves the weights at 0",
            span,
            measured=f"{decay:g}",
            threshold=f"at most {known.most * times:g} for `{optimizer(case)}`",
            amount=Amount(decay, known.most * times),
            help=f"{known.usual:g} is usual for `{optimizer(case)}`",
            fix=rewritten(case, "weight_decay", f"{known.usual:g}"),
        )

    def rejects_all(self, case: Case, least: Callable[[str], float]) -> bool:
        return rejected_alike(case, self.check(case))
