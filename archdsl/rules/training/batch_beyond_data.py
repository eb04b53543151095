"""P904: a batch larger than the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.rules.base import Finding, Rule, count
from archdsl.rules.facts_training import rejected_alike, rewritten, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archdsl.rules.case import Case


class BatchBeyondData(Rule):
    """A batch is a part of the data.

    What: `batch` of the `train` clause above the samples that `data` speaks of (its graphs, where
    it says no `samples`). A single graph is one batch whatever it says, and without `samples`
    nothing is known.

    Why: the batch never comes to what is written: an epoch is a single step, the learning rate was
    chosen for another batch, and memory is reckoned for samples that there are not.

    Evidence: by counting. Keskar et al. 2016 (arXiv:1609.04836): already batches of a tenth of the
    data generalise worse than small ones, by up to five points.

    Example:

    ```arch
    arch Example {
      data  table(10, samples=1_000)
      train adamw(batch=100_000)
      model = linear(2)
    }
    ```

    Instead: `train adamw(batch=32)`

    The fix writes the number of samples, which is what happens anyway.
    """

    code = "P904"
    of_training = True

    def check(self, case: Case) -> Iterable[Finding]:
        train, span, samples = case.train, written(case, "batch"), _samples(case)
        if train is None or span is None or samples is None or train.batch <= samples:
            return
        yield Finding(
            Severity.ERROR,
            f"a batch of {train.batch:,} cannot be drawn from {count(samples, 'sample')}",
            span,
            measured=f"{train.batch:,} in a batch",
            threshold=f"at most {count(samples, 'sample')}",
            amount=Amount(train.batch, samples),
            help=f"`batch={samples}` is all of them at once; 32 to 256 train better",
            fix=rewritten(case, "batch", str(samples), safe=True),
        )

    def rejects_all(self, case: Case, least: Callable[[str], float]) -> bool:
        return rejected_alike(case, self.check(case))


def _samples(case: Case) -> int | None:
    takes = case.takes
    if not isinstance(takes, types.Nodes):
        return case.data.samples
    return (case.data.samples or takes.graphs) if takes.graphs else None
