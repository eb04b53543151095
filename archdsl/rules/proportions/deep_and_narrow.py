"""P401: many layers of few channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.graph.nodes import once
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_paths import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.graph.nodes import OpNode
    from archdsl.rules.case import Case


class DeepAndNarrow(Rule):
    """Depth needs width to carry what the layers find.

    What: the largest number of weighted layers on a path that both read and give fewer channels
    than a limit, when they are more than half of the depth and of all layers. A narrow layer that
    reads many channels (a dense layer of DenseNet with growth 12, the squeeze of a gate) is not
    narrow; nor is a narrow stream at high resolution beside wider ones that it is joined with.

    Why: what a layer of 8 channels drops no later layer can find again; each further layer adds
    latency and makes training harder, and hardly any capacity.

    Evidence: Zagoruyko and Komodakis 2016 (Wide Residual Networks, arXiv:1605.07146): 16 layers
    made 8 times wider match ResNet-1001 on CIFAR-10 at about its number of parameters and train
    several times faster. ResNet-110 (arXiv:1512.03385) has 37 layers at 16 channels, but most of
    its depth is wider: it is silent. So is HRNet-W18 (Wang et al. 2019, arXiv:1908.07919), whose 18
    channels at full resolution run beside 36, 72 and 144.

    Example:

    ```arch
    arch Example {
      data  image(3, 64, 64)
      model = 100 * (conv(8, 3) -> batch_norm -> relu)
    }
    ```

    Instead: 12 to 50 layers at 64 to 512 channels
    """

    code = "P401"
    thresholds: ClassVar[Mapping[str, float]] = {
        "error_layers": 50,
        "error_channels": 16,
        "warning_layers": 30,
        "warning_channels": 32,
        "share": 0.5,
    }

    def check(self, case: Case) -> Iterable[Finding]:
        for severity in (Severity.ERROR, Severity.WARNING):
            layers = self.settings[f"{severity.value}_layers"]
            channels = self.settings[f"{severity.value}_channels"]
            if case.depth <= layers:
                continue  # no more of them are narrow
            narrow = _narrow_depths(case, channels)
            longest = max(narrow, default=0)
            if longest > layers and self._prevails(case, longest, channels):
                last = case.steps[narrow.index(longest)]
                yield _finding(severity, longest, layers, channels, last, case)
                return

    def _prevails(self, case: Case, longest: int, channels: float) -> bool:
        """Whether most of the depth is narrow, and most of all layers."""
        share = self.settings["share"]
        narrow = [step for step in case.weighted if _is_narrow(step, channels)]
        return longest > share * case.depth and len(narrow) > share * len(case.weighted)


def _narrow_depths(case: Case, limit: float) -> list[int]:
    """For each op, the most narrow layers on a path to it."""
    return counted(case.steps, lambda step: _is_narrow(step, limit), max)


def _is_narrow(step: Step, limit: float) -> bool:
    return _width(step.node) < limit


@once
def _width(node: OpNode) -> float:
    """The channels of a weighted layer, the wider side of it."""
    if Trait.WEIGHTED not in node.op.traits:
        return float("inf")
    return max(types.channels(node.inputs[0]), types.channels(node.out))


def _finding(
    severity: Severity, longest: int, layers: float, channels: float, last: Step, case: Case
) -> Finding:
    return Finding(
        severity,
        f"{longest} layers have fewer than {channels:g} channels",
        place(case, last),
        measured=f"{longest} narrow layers",
        threshold=f"at most {layers:g} below {channels:g} channels",
        amount=Amount(longest, layers),
        help="12 to 50 layers at 64 to 512 channels do more with the same multiply-adds",
        also=trail(case, last),
    )
