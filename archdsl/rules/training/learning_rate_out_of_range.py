"""P901: a learning rate that nobody has trained with."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount, Severity
from archdsl.rules.base import Finding, Rule
from archdsl.rules.facts_training import optimizer, rejected_alike, rewritten, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from archdsl.rules.case import Case

CONVEX = 10  # times the rate that a linear model bears: it has one minimum


class LearningRateOutOfRange(Rule):
    """A learning rate lies where its optimizer is known to train.

    What: `lr` of the `train` clause against what its optimizer is known to train with, for its
    batch: above, it is warned of, and rejected above ten times that; below, warned of. For batches
    above 256 the most grows with the batch for `sgd` and with its root for all others. A linear
    model bears ten times as much. Without `lr` nothing is said.

    | optimizer | least | usual | most, for batches of up to 256 |
    |---|---|---|---|
    | `sgd` with momentum | 1e-10 | 0.1 | 5 |
    | `sgd` without | 1e-10 | 0.1 | 50 |
    | `adam`, `adamw` | 1e-08 | 0.001 | 0.05 |
    | `radam` | 1e-08 | 0.001 | 0.1 |
    | `nadam` | 1e-08 | 0.002 | 0.05 |
    | `adamax` | 1e-08 | 0.002 | 0.1 |
    | `lion` | 1e-09 | 0.0001 | 0.005 |
    | `rmsprop` | 1e-08 | 0.01 | 0.5 |
    | `adagrad` | 1e-07 | 0.01 | 5 |
    | `adadelta` | 1e-06 | 1 | 10 |
    | `adafactor` | 1e-07 | 0.01 | 1 |

    Why: Adam and its kin move every weight by about the rate at each step, whatever the gradient,
    and weights are about 0.1 in size: a rate of 10 throws them away at once. Plain gradients are
    small or large as the loss is, so `sgd` has room. Far below the range nothing is learned.

    Evidence: Merity et al. 2017 (AWD-LSTM, arXiv:1708.02182): SGD at 30. Smith & Topin 2017
    (arXiv:1708.07120): SGD with momentum up to 3. Goyal et al. 2017 (arXiv:1706.02677): 0.1 for 256
    pictures, and in proportion up to 3.2 for 8,192. Tan & Le 2021 (EfficientNetV2,
    arXiv:2104.00298): RMSprop at 0.256 for 4,096. Kipf & Welling 2017 (arXiv:1609.02907): Adam at
    0.01. Wu et al. 2019 (SGC, arXiv:1902.07153): in their code Adam at 0.2, of a linear model. Liu
    et al. 2022 (ConvNeXt, arXiv:2201.03545): AdamW at 0.004 for 4,096. Malladi et al. 2022
    (arXiv:2205.10287): the root of the batch for Adam and RMSprop. Chen et al. 2023 (Lion,
    arXiv:2302.06675): three to ten times less than AdamW. Shelhamer et al. 2016 (FCN,
    arXiv:1605.06211): in their code SGD at 1e-10, of a loss summed over pixels; the 1e-14 of its
    last stage of fine-tuning is warned of.

    Example:

    ```arch
    arch Example {
      data  table(40, samples=200_000)
      train adamw(batch=256, lr=10)
      model = linear(128) -> relu -> linear(2)
    }
    ```

    Instead: `train adamw(batch=256, lr=1e-3)`

    The fix writes the optimizer's usual rate. Training goes another way with it: it is applied with
    `--unsafe-fixes` only.
    """

    code = "P901"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"warning": 1, "error": 10}

    def check(self, case: Case) -> Iterable[Finding]:
        return self._findings(case, CONVEX if case.depth <= 1 else 1)

    def rejects_all(self, case: Case, least: Callable[[str], float]) -> bool:
        return rejected_alike(case, self._findings(case, CONVEX))

    def _findings(self, case: Case, room: float) -> Iterable[Finding]:
        """``room`` is how many times the most is fine."""
        train, span = case.train, written(case, "lr")
        if span is None:
            return
        assert train is not None
        assert train.lr is not None
        rates, word = train.rates, optimizer(case)
        most = rates.most_at(train.batch) * room
        over = self.above(train.lr / most)
        if over is None and train.lr >= rates.least:
            return
        severity, times = over or (Severity.WARNING, 1)
        limit = rates.least if over is None else most * times
        side = "least" if over is None else "most"
        yield Finding(
            severity,
            f"`{word}` is not known to train anything at {train.lr:g}",
            span,
            measured=f"{train.lr:g}",
            threshold=f"at {side} {limit:.3g} for `{word}` at batch={train.batch:,}",
            amount=Amount(train.lr, limit),
            help=f"{rates.usual:g} is usual for `{word}`; leave `lr` out for PyTorch's own",
            fix=rewritten(case, "lr", f"{rates.usual:g}"),
        )
