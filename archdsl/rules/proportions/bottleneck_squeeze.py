"""P404: a waist that everything has to go through."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, led_there
from archdsl.rules.facts_paths import head, spine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class BottleneckSqueeze(Rule):
    """No layer that everything passes is far narrower than its neighbours.

    What: two layers in a row on every path, where what the first hands to the second is narrower
    than an eighth of what the first reads and of what the second gives. Waists with a way round
    (bottlenecks, gates, dense layers, adapters) do not count. And for a classifier, the features
    that its last layer reads: fewer than an eighth of the classes, and fewer than 128.

    As first written the principle asked for as many features as classes. ResNet-18 has 512 for
    1,000 classes, DeiT-Ti 192, and language models 768 for 50,257 tokens: good practice, so it is
    graded to what is certainly too few.

    Why: a waist drops what does not fit through it, for good. Scores made of d features have rank
    d: of many more classes than that, not all orders can be expressed.

    Evidence: Szegedy et al. 2015 (arXiv:1512.00567, principle 1: avoid bottlenecks with extreme
    compression). Yang et al. 2017 (Breaking the Softmax Bottleneck, arXiv:1711.03953). MobileNetV2
    (arXiv:1801.04381) narrows six times, with linear layers and skips.

    Example: `linear(512) -> relu -> linear(16) -> relu -> linear(512)`

    Instead: `linear(512) -> relu -> linear(128) -> relu -> linear(512)`
    """

    code = "P404"
    thresholds: ClassVar[Mapping[str, float]] = {"neighbours": 8, "classes": 8, "enough": 128}

    def check(self, case: Case) -> Iterable[Finding]:
        last = case.fact(head)
        weighted = [s for s in case.fact(spine) if Trait.WEIGHTED in s.node.op.traits]
        for layer, reader in pairwise(step for step in weighted if step is not last):
            yield from self._waist(layer, reader)
        if last is not None:
            yield from self._before(last, case)

    def _waist(self, layer: Step, reader: Step) -> Iterable[Finding]:
        reads, gives = types.channels(layer.node.inputs[0]), types.channels(reader.node.out)
        between = _between(layer, reader)
        least = min(reads, gives) / self.settings["neighbours"]
        if between < least:
            yield Finding(
                Severity.WARNING,
                f"everything goes through {between} channels, between {reads} and {gives}",
                layer.node.span,
                measured=f"{between} between {reads} and {gives}",
                threshold=f"at least {least:g}",
                help=f"widen it to {least:g} or more, or put a skip around it",
                also=led_there(layer),
            )

    def _before(self, last: Step, case: Case) -> Iterable[Finding]:
        classes = case.task.names().get("classes", 0) if case.task is not None else 0
        features = types.channels(last.node.inputs[0])
        least = min(classes / self.settings["classes"], self.settings["enough"])
        if features < least:
            yield Finding(
                Severity.WARNING,
                f"{features} features are to tell {classes:,} classes apart",
                last.node.span,
                measured=f"{features} features",
                threshold=f"at least {least:g} for {classes:,} classes",
                help=f"widen what the last layer reads to {least:g} features or more",
                also=led_there(last),
            )


def _between(layer: Step, reader: Step) -> int:
    """The channels handed on, at their widest: flattening makes channels of positions."""
    return max(types.channels(layer.node.out), types.channels(reader.node.inputs[0]))
