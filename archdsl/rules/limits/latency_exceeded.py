"""P602: a forward pass that takes longer than it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.metrics.latency import Latency
from archdsl.diagnostics import Severity
from archdsl.limits.telling import apart
from archdsl.rules.base import Finding, Rule
from archdsl.rules.limits._ways_out import missed, slowest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.limits.requirements import Violation
    from archdsl.rules.case import Case


class LatencyExceeded(Rule):
    """An answer has to come in time on the device it is for.

    What: the predicted seconds of one forward pass on a device profile, against a `require`. The
    prediction is a roofline: each op takes as long as its arithmetic or its memory traffic, plus
    what starting it costs.

    Why: a design that is too slow for its device is of no use however accurate it is, and its
    latency is known before it is trained.

    Evidence: Williams et al. 2009 (the roofline model, CACM 52(4)). ResNet-50's 4.1 G
    multiply-adds take 0.4 s at 10 G a second; MobileNetV2's 0.3 G take 30 ms (Sandler et al. 2018,
    arXiv:1801.04381).

    Example: ResNet-50 on a phone

    ```arch
    arch ResNet50 {
      data  image(3, 224, 224, samples=1_281_167, augment=strong)
      task  classify(1000)
      train sgd(batch=32, lr=0.1, momentum=0.9, weight_decay=1e-4)
      require latency(mobile_cpu) <= 100 ms
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

    Instead: `inverted_residual` or `depthwise_separable` blocks, fewer channels where the time goes
    """

    code = "P602"

    def check(self, case: Case) -> Iterable[Finding]:
        for one in missed(case, "latency"):
            yield _finding(case, one)


def _finding(case: Case, missed: Violation) -> Finding:
    metric = missed.metric
    assert isinstance(metric, Latency)
    found, limit = apart(missed.found, missed.limit)
    return Finding(
        Severity.ERROR,
        f"a forward pass takes {found} on {metric.name}, and {limit} are allowed{missed.because}",
        missed.requirement.condition.span,
        measured=found,
        threshold=f"at most {limit}",
        amount=missed.amount,
        help=f"most of the time goes to {slowest(case, metric.device, metric.batch)}; mobile "
        "blocks (`inverted_residual`, `depthwise_separable`) take a fraction of it",
    )
