"""P701: deep nets of plain 3×3 convolutions where bottlenecks would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.cost.counts import own_params
from archdsl.diagnostics import Severity
from archdsl.graph.flat import is_input
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.facts_paths import weighted_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case

WINDOW = 9  # positions that a 3×3 kernel reads


class WideLateBottleneck(Rule):
    """Deep and wide nets are built of bottlenecks.

    What: in nets deeper than 50 layers, the convolutions that read a window of 3×3 or more of all
    of at least 256 channels and give as many, without a pointwise layer before them that made
    these channels fewer; told when they hold more than half of the weights.

    Why: a 3×3 convolution takes nine weights for each pair of channels. A 3×3 convolution 256→256
    without bias has 589,824 weights; its bottleneck 256→64→64→256 has 69,632, 8.5× fewer, and two
    more layers.

    Evidence: He et al. 2015 (arXiv:1512.03385, section 4.1): ResNet-50 with bottlenecks takes 3.8
    billion multiply-adds, ResNet-34 with plain blocks 3.6, and its top-1 error on ImageNet is 22.85
    % against 24.19 %.

    Example:

    ```arch
    arch Example {
      data  image(256, 32, 32)
      model = 30 * residual(conv(256, 3) -> batch_norm -> relu -> conv(256, 3) -> batch_norm)
    }
    ```

    Instead: `30 * bottleneck(64)`
    """

    code = "P701"
    thresholds: ClassVar[Mapping[str, float]] = {"layers": 50, "channels": 256, "share": 0.5}

    def check(self, case: Case) -> Iterable[Finding]:
        if case.depth <= self.settings["layers"]:
            return
        plain = [step for step in case.having(Trait.CONVOLUTION) if self._is_plain(step, case)]
        weights = sum(own_params(step.node) for step in plain if not step.again)
        share = weights / case.params
        if share <= self.settings["share"]:
            return
        largest = max(plain, key=lambda step: own_params(step.node))
        yield Finding(
            Severity.NOTE,
            f"{count(len(plain), 'plain convolution')} hold {share:.0%} of the weights",
            place(case, largest),
            measured=f"{len(plain)} at {self.settings['channels']:g} channels or more",
            threshold=f"bottlenecks beyond {self.settings['layers']:g} layers",
            amount=None,
            help=_instead(largest),
            also=trail(case, largest),
        )

    def _is_plain(self, step: Step, case: Case) -> bool:
        node = step.node
        reads, gives = types.channels(node.inputs[0]), types.channels(node.out)
        if min(reads, gives) < self.settings["channels"]:
            return False
        before = case.fact(weighted_before)[step.place]
        reduced = not is_input(before) and _is_pointwise(case.steps[before])
        return own_params(node) >= WINDOW * reads * gives and not reduced


def _is_pointwise(step: Step) -> bool:
    window = step.node.window()
    return window is None or window[0] == 1


def _instead(step: Step) -> str:
    reads, gives = types.channels(step.node.inputs[0]), types.channels(step.node.out)
    waist = gives // 4
    plain = own_params(step.node) // (reads * gives) * reads * gives  # without the bias
    bottleneck = reads * waist + WINDOW * waist * waist + waist * gives
    return (
        f"{reads}→{waist}→{waist}→{gives} has {bottleneck:,} weights where this convolution has"
        f" {plain:,}: {plain / bottleneck:.1f}× fewer"
    )
