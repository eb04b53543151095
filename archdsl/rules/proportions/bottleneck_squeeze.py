"""P404: a waist that everything has to go through."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, inf
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_paths import gives_back, head, spine
from archdsl.rules.facts_task import classes_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.source import Span


class _Waist(NamedTuple):
    """``between`` channels at the narrowest, which ``layer`` hands on."""

    layer: Step
    reads: int
    gives: int = 0
    between: float = inf


class BottleneckSqueeze(Rule):
    """No layer that everything passes is far narrower than its neighbours.

    What: layers in a row on every path, where what they hand on is narrower than an eighth of what
    the first reads and of what the last gives. Waists with a way round (bottlenecks, gates, dense
    layers, adapters) do not count, nor does the code of an autoencoder: a regression to the very
    shape that flows in. And for a classifier, the features that its last layer reads: fewer than an
    eighth of the classes, and fewer than 128.

    As first written the principle asked for as many features as classes. ResNet-18 has 512 for
    1,000 classes, DeiT-Ti 192, and language models 768 for 50,257 tokens: good practice, so it is
    graded to what is certainly too few.

    Why: a waist drops what does not fit through it, for good. Scores made of d features have rank
    d: of many more classes than that, not all orders can be expressed.

    Evidence: Szegedy et al. 2015 (arXiv:1512.00567, principle 1: avoid bottlenecks with extreme
    compression). Yang et al. 2017 (Breaking the Softmax Bottleneck, arXiv:1711.03953). MobileNetV2
    (arXiv:1801.04381) narrows six times, with linear layers and skips.

    Example:

    ```arch
    arch Example {
      data  table(64)
      model = linear(512) -> relu -> linear(16) -> relu -> linear(512) -> relu -> linear(10)
    }
    ```

    Instead: `linear(512) -> relu -> linear(128) -> relu -> linear(512)`
    """

    code = "P404"
    thresholds: ClassVar[Mapping[str, float]] = {"neighbours": 8, "classes": 8, "enough": 128}

    def check(self, case: Case) -> Iterable[Finding]:
        last = case.fact(head)
        weighted = [s for s in case.fact(spine) if Trait.WEIGHTED in s.node.op.traits]
        told: set[Span] = set()
        if not case.fact(gives_back):
            for waist in self._waists([step for step in weighted if step is not last]):
                if waist.layer.node.span not in told:
                    told.add(waist.layer.node.span)
                    yield self._finding(waist, case)
        if last is not None:
            yield from self._before(last, case)

    def _waists(self, layers: list[Step]) -> Iterable[_Waist]:
        """Each from the layer that narrows to the one that widens again."""
        times, waist = self.settings["neighbours"], None
        for layer, reader in pairwise(layers):
            between = _between(layer, reader)
            if waist is None:
                waist = _Waist(layer, types.channels(layer.node.inputs[0]))
            if between >= waist.reads / times:
                waist = None
                continue
            if between < waist.between:
                waist = waist._replace(layer=layer, between=between)
            waist = waist._replace(gives=types.channels(reader.node.out))
            if waist.between < min(waist.reads, waist.gives) / times:
                yield waist
                waist = None

    def _finding(self, waist: _Waist, case: Case) -> Finding:
        reads, gives, between = waist.reads, waist.gives, waist.between
        least = min(reads, gives) / self.settings["neighbours"]
        return Finding(
            Severity.WARNING,
            f"everything goes through {between} channels, between {reads} and {gives}",
            place(case, waist.layer),
            measured=f"{between} between {reads} and {gives}",
            threshold=f"at least {least:g}",
            amount=Amount(between, least),
            help=f"widen it to {ceil(least)} or more, or put a skip around it",
            also=trail(case, waist.layer),
        )

    def _before(self, last: Step, case: Case) -> Iterable[Finding]:
        classes = case.fact(classes_apart)
        features = types.channels(last.node.inputs[0])
        least = min(classes / self.settings["classes"], self.settings["enough"])
        if features < least:
            yield Finding(
                Severity.WARNING,
                f"{features} features are to tell {classes:,} classes apart",
                place(case, last),
                measured=f"{features} features",
                threshold=f"at least {least:g} for {classes:,} classes",
                amount=Amount(features, least),
                help=f"widen what the last layer reads to {ceil(least)} features or more",
                also=trail(case, last),
            )


def _between(layer: Step, reader: Step) -> int:
    """The channels handed on, at their widest: flattening makes channels of positions."""
    return max(types.channels(layer.node.out), types.channels(reader.node.inputs[0]))
