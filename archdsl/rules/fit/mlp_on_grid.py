"""P101: images or volumes that go into dense layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.rules.base import Finding, count, led_there, place
from archdsl.rules.each_input import OfEachInput
from archdsl.rules.facts_ladder import instead
from archdsl.rules.facts_structure import (
    declared_baseline,
    flattened_stack,
    mixing,
    pointwise_stack,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class MlpOnGrid(OfEachInput):
    """Pictures and volumes are read by layers that know what stands beside what.

    What: dense layers over the pixels of an image or a volume that no convolution and no attention
    has read before. One such layer is a linear model and is noted only; so is an MLP that is
    declared a baseline (by its name, or by a design beside it that reads the structure). An MLP
    whose dense layers run along positions too, as in MLP-Mixer, shares its weights and is no
    such stack. Where nothing looks beside a pixel, convolutions of kernel 1 are dense layers, and
    a design with an answer for each pixel is warned of, not rejected: colours can be all it takes.

    Why: a dense layer has a weight of its own for each pixel, so it must learn a pattern anew at
    each place where it can appear. A convolution holds it once: 3x3 from 3 to 64 channels takes
    1,728 weights, dense layers from 3x224x224 numbers to 64 take 9,633,792.

    Evidence: LeCun et al. 1998 (Gradient-Based Learning Applied to Document Recognition): on MNIST
    a dense network of 300 hidden units errs on 4.7 %, the convolutional LeNet-5 on 0.95 %, with
    fewer parameters. For the exception: He et al. 2020 (arXiv:2009.10390) retouch photographs by
    convolutions of kernel 1 that a small network conditions on the whole.

    Example:

    ```arch
    arch Example {
      data  image(3, 32, 32)
      model = flatten -> linear(512) -> relu -> linear(10)
    }
    ```

    Instead: `3 * conv_bn_act(64, 3) -> global_avg_pool -> linear(10)`
    """

    code = "P101"
    thresholds: ClassVar[Mapping[str, float]] = {"error": 1}

    def check_input(self, case: Case) -> Iterable[Finding]:
        if not isinstance(case.takes, (types.Image, types.Volume)):
            return
        stack = _stack(case)
        if not stack or types.numel(case.takes) == types.channels(case.takes):
            return
        most = self.settings["error"]
        few = len(stack) <= most or case.fact(declared_baseline)
        colours = case.unit == "pixel" and not case.fact(flattened_stack)
        severity = Severity.WARNING if colours else Severity.ERROR
        yield Finding(
            Severity.NOTE if few else severity,
            f"the {case.takes.kind} goes into dense layers, and nothing before looks at neighbours",
            place(case, stack[0]),
            measured=count(len(stack), "dense layer"),
            threshold=f"at most {most:g}",
            amount=Amount(len(stack), most),
            help=f"keep it as the baseline of {instead(case)}" if few else f"take {instead(case)}",
            also=led_there(stack[0]),
        )


def _stack(case: Case) -> list[Step]:
    """Dense layers over flattened pixels; over single ones too when nothing looks beside them."""
    return case.fact(flattened_stack) or ([] if case.fact(mixing) else case.fact(pointwise_stack))
