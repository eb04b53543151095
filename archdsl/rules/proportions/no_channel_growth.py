"""P403: maps that shrink while channels stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Label, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_paths import spine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class NoChannelGrowth(Rule):
    """Channels grow as the map shrinks.

    What: the side of the map from the first convolution to the smallest one after it, and the most
    channels that a convolution reads or gives. For the map, only convolutions that read a
    neighbourhood or stride count: gates on pooled features do not. What the first convolution
    itself shrinks (the patches of a transformer) does not count either: nets of one width at one
    resolution are silent. So are hourglasses, where a way round keeps the large map.

    Why: half the side means a quarter of the positions; with the same channels, layer by layer
    three quarters of the numbers that carry features are dropped. Twice the channels keep the
    cost of a layer and lose half.

    Evidence: Simonyan and Zisserman 2014 (VGG, arXiv:1409.1556) and He et al. 2015
    (arXiv:1512.03385, section 3.3: "if the feature map size is halved, the number of filters is
    doubled so as to preserve the time complexity per layer"); Szegedy et al. 2015
    (arXiv:1512.00567, principle 1: avoid representational bottlenecks).

    Example:

    ```arch
    arch Example {
      data  image(3, 64, 64)
      model = 4 * (conv(64, 3, stride=2) -> batch_norm -> relu)
    }
    ```

    Instead: `each(i = 0 to 3, conv(64 * 2 ^ i, 3, stride=2) -> batch_norm -> relu)`
    """

    code = "P403"
    thresholds: ClassVar[Mapping[str, float]] = {"fall": 4}

    def check(self, case: Case) -> Iterable[Finding]:
        looking = [step for step in case.having(Trait.CONVOLUTION) if _looks_around(step)]
        maps = [step for step in looking if step.node.out.kind == looking[0].node.out.kind]
        if not maps:
            return
        first, smallest = maps[0], min(maps, key=_side)
        fall = _side(first) / max(_side(smallest), _narrowest(first, case))
        width = types.channels(first.node.out)
        grows = any(
            _width(step) > width for step in case.having(Trait.CONVOLUTION) if step is not first
        )
        below = self.settings["fall"]
        if grows or fall < below:
            return
        yield Finding(
            Severity.NOTE,
            f"the map shrinks {fall:.3g} times and there are never more than {width} channels",
            place(case, smallest),
            measured=f"{fall:.3g} times smaller, {width} channels at most",
            threshold=f"more channels from {below:g} times on",
            amount=Amount(fall, below),
            help=f"double the channels where the map is halved: {width}, {2 * width}, {4 * width}",
            also=(Label(place(case, first), "the first of the maps"), *trail(case, smallest)),
        )


def _narrowest(first: Step, case: Case) -> int:
    """The side of the smallest map that everything passes."""
    kind = first.node.out.kind
    passed = [step for step in case.fact(spine) if step.node.out.kind == kind]
    return min((_side(step) for step in passed), default=1)


def _looks_around(step: Step) -> bool:
    window = step.node.window()
    return window is not None and window != (1, 1)


def _width(step: Step) -> int:
    """The channels that a layer reads or gives: dense layers read what they add up to."""
    return max(types.channels(step.node.inputs[0]), types.channels(step.node.out))


def _side(step: Step) -> int:
    return max(types.spatial(step.node.out))
