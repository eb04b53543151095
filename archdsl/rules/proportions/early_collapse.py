"""P406: convolutions on a map of one position."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class EarlyCollapse(Rule):
    """The map lasts as long as convolutions look at it.

    What: the convolutions with a window that run on a map of one position. Pointwise ones do not
    count: on one position they are the dense layers of gates and heads. One or two at the end of a
    net made for larger images pass.

    Why: of a 3×3 kernel on a 1×1 map eight weights of nine see padding only: they cost memory and
    are never trained. The net was made for larger images than it gets.

    Evidence: He et al. 2015 (arXiv:1512.03385, sections 4.1 and 4.2) take a 7×7 stem of stride 2
    and pooling for 224×224, and for 32×32 a 3×3 stem and three stages that end at 8×8.

    Example: ResNet-18, whose stem is made for ImageNet, on 32×32 images

    ```arch
    arch Small {
      data  image(3, 32, 32)
      task  classify(10)
      model = resnet_stem(64)
              -> 2 * resnet_basic(64)
              -> resnet_basic(128, stride=2)
              -> resnet_basic(128)
              -> resnet_basic(256, stride=2)
              -> resnet_basic(256)
              -> resnet_basic(512, stride=2)
              -> resnet_basic(512) -> global_avg_pool
              -> linear(classes)
    }
    ```

    Instead: `conv(64, 3)` for a stem, without pooling behind it
    """

    code = "P406"
    thresholds: ClassVar[Mapping[str, float]] = {"layers": 2}

    def check(self, case: Case) -> Iterable[Finding]:
        wasted = [step for step in case.having(Trait.CONVOLUTION) if _sees_padding_only(step)]
        most = self.settings["layers"]
        if len(wasted) <= most:
            return
        yield Finding(
            Severity.WARNING,
            f"{count(len(wasted), 'convolution')} with a window run on a map of one position",
            place(case, wasted[0]),
            measured=f"{len(wasted)} convolutions on 1 position",
            threshold=f"at most {most:g}",
            amount=Amount(len(wasted), most),
            help="leave out the first stride or pooling for each halving that is too many",
            also=trail(case, wasted[0]),
        )


def _sees_padding_only(step: Step) -> bool:
    node = step.node
    window = node.window()
    return max(types.spatial(node.inputs[0])) == 1 and window is not None and window[0] > 1
