"""P604: standard convolutions on a device that wants cheaper ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.cost.counts import own_macs
from archdsl.diagnostics import Amount, Severity
from archdsl.limits.devices import devices_named
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, led_there

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class HeavyForDevice(Rule):
    """Phones and boards want cheap convolutions.

    What: the share of a model's multiply-adds in dense convolutions (every output channel reads
    every input channel over a window), on a device that its spec names and that is marked
    `edge=true`.

    Why: a k×k convolution of C channels takes k²·C multiply-adds for each output; depthwise and
    pointwise together take k² + C, eight to nine times fewer at 3×3.

    Evidence: Howard et al. 2017 (MobileNets, arXiv:1704.04861, table 4: 29.3 M parameters and
    4,866 M multiply-adds with dense convolutions, 4.2 M and 569 M separable, for 1.1 % accuracy);
    Sandler et al. 2018 (arXiv:1801.04381).

    Example:

    ```arch
    arch Example {
      data  image(3, 64, 64)
      require latency(mobile_cpu) <= 1 s
      model = 4 * (conv(32, 3, bias=false) -> batch_norm -> relu) -> global_avg_pool -> linear(10)
    }
    ```

    Instead: `depthwise_separable(…)` or `inverted_residual(…)`
    """

    code = "P604"
    thresholds: ClassVar[Mapping[str, float]] = {"share": 0.5}

    def check(self, case: Case) -> Iterable[Finding]:
        edge = [
            name
            for name, device in devices_named(case.program, case.evaluation.clauses)
            if device.edge
        ]
        if not edge:
            return
        dense = [step for step in case.having(Trait.CONVOLUTION) if _is_dense(step)]
        if not dense:
            return
        share = sum(own_macs(step.node) for step in dense) / max(case.macs, 1)
        most = self.settings["share"]
        if share <= most:
            return
        heaviest = max(dense, key=lambda step: (own_macs(step.node), -step.place))
        yield Finding(
            Severity.WARNING,
            f"{share:.0%} of the multiply-adds are dense convolutions, on {edge[0]}",
            heaviest.node.span,
            measured=f"{share:.0%}",
            threshold=f"at most {most:.0%}",
            amount=Amount(share, most),
            help="`depthwise_separable(…)` or `inverted_residual(…)` takes 8 to 9 times fewer",
            also=led_there(heaviest),
        )


def _is_dense(step: Step) -> bool:
    """Reads a window of more than one position, and all channels."""
    node = step.node
    window = node.window()
    if window is None or window[0] == 1:
        return False
    read = own_macs(node) / max(types.numel(node.out), 1)
    return read >= window[0] * types.channels(node.inputs[0])
