"""P603: fewer samples a second than there must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.metrics.throughput import Throughput
from archdsl.diagnostics import Severity
from archdsl.rules.base import Finding, Rule
from archdsl.rules.limits._ways_out import missed, slowest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.limits.requirements import Violation
    from archdsl.rules.case import Case


class ThroughputMissed(Rule):
    """A device has to work through as many samples a second as there are.

    What: the predicted samples a second on a device profile at a batch size, against a `require`.
    It is the batch over the latency of the batch.

    Why: a stream that is not kept up with piles up; larger batches share the cost of starting each
    op and of reading the weights, up to where arithmetic is the bound.

    Evidence: Williams et al. 2009 (the roofline model, CACM 52(4)).

    Example: ResNet-50 on a phone

    ```arch
    arch ResNet50 {
      data  image(3, 224, 224, samples=1_281_167, augment=strong)
      task  classify(1000)
      train sgd(batch=32, lr=0.1, momentum=0.9, weight_decay=1e-4)
      require throughput(mobile_cpu) >= 30
      model {
        let body = resnet_stem(64)
                   -> 3 * bottleneck(64)
                   -> bottleneck(128, stride=2)
                   -> 3 * bottleneck(128)
                   -> bottleneck(256, stride=2)
                   -> 5 * bottleneck(256)
                   -> bottleneck(512, stride=2)
                   -> 2 * bottleneck(512)
        return body -> global_avg_pool -> linear(classes)
      }
    }
    ```

    Instead: a larger `batch=`, mobile blocks, or fewer channels where the time goes
    """

    code = "P603"

    def check(self, case: Case) -> Iterable[Finding]:
        for one in missed(case, "throughput"):
            yield _finding(case, one)


def _finding(case: Case, missed: Violation) -> Finding:
    metric = missed.metric
    assert isinstance(metric, Throughput)
    found, limit = f"{missed.found:,.3g} samples/s", f"{missed.limit:,.6g} samples/s"
    return Finding(
        Severity.ERROR,
        f"{metric.name} works through {found}, and {limit} are needed{missed.because}",
        missed.requirement.condition.span,
        measured=found,
        threshold=f"at least {limit}",
        amount=missed.amount,
        help=f"most of the time goes to {slowest(case, metric.device, metric.batch)}",
    )
