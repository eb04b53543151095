"""P909: too few others in a batch to tell a partner from."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Amount
from archdsl.rules.base import Finding, Rule, count
from archdsl.rules.facts_training import rejected_alike, rewritten, written
from archdsl.spec.task import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from archdsl.rules.case import Case

USUAL = 256


class FewNegatives(Rule):
    """A batch holds others to tell a partner from.

    What: `batch` of the `train` clause under a task whose vectors find their partners among the
    samples of the batch. An error at 1: there is nothing to tell it from. A warning below 16.

    Why: the loss is the cross-entropy of one right answer among as many as there are samples in the
    batch. Of one there is no choice: the loss is 0, and so is every gradient. Of a few the partner
    is told by the coarsest of differences, and the loss is small long before the vectors tell more.

    Evidence: van den Oord et al. 2018 (arXiv:1807.03748), section 2.3: the loss of a batch of N
    bounds what two views have in common by log N, so that of 15 no more than 4 bits can be
    learned. Chen et al. 2020 (SimCLR, arXiv:2002.05709), figure 9: larger batches, from 256 to
    8,192, are better, the more so the fewer the epochs. Radford et al. 2021 (CLIP,
    arXiv:2103.00020) take 32,768.

    Example:

    ```arch
    arch Example {
      data  left = table(12)
      data  right = table(20)
      task  contrast(32)
      train adam(batch=1)
      model {
        let one = left -> linear(dimension)
        let other = right -> linear(dimension)
        return one, other
      }
    }
    ```

    Instead: `train adam(batch=256)`, or as many as memory has room for
    """

    code = "P909"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"error": 2, "warning": 16}

    def check(self, case: Case) -> Iterable[Finding]:
        task, span = case.task, written(case, "batch")
        if task is None or task.answer is not Answer.PAIR or case.train is None or span is None:
            return
        batch = case.train.batch
        graded = self.below(batch)
        if graded is None:
            return
        severity, least = graded
        others = count(batch - 1, "other") if batch > 1 else "nothing"
        better = min(USUAL, case.data.samples or USUAL)
        yield Finding(
            severity,
            f"there is {others} in a batch to tell a partner from"
            if batch <= 2
            else f"there are {others} in a batch to tell a partner from",
            span,
            measured=f"{batch} in a batch",
            threshold=f"at least {least:g}",
            amount=Amount(batch, least),
            help=f"as many as memory has room for, such as `batch={better}`; a smaller input or "
            "`precision=amp` makes room",
            fix=rewritten(case, "batch", str(better)) if better >= least else None,
        )

    def rejects_all(self, case: Case, least: Callable[[str], float]) -> bool:
        return rejected_alike(case, self.check(case))
