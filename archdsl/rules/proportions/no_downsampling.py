"""P405: a head that sees only a part of the image."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.graph.flat import INPUT, is_input
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, place, trail
from archdsl.rules.each_input import OfEachInput
from archdsl.rules.facts_paths import head
from archdsl.rules.facts_reach import reaches
from archdsl.rules.facts_towers import Tower

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class NoDownsampling(OfEachInput):
    """The head sees the better part of the image.

    What: the receptive field of the features that the last layer reads, against the side of the
    image, for tasks with one answer a sample. Pooling all positions into one does not widen it; a
    dense layer over flattened positions, and attention, see everything.

    Why: a mean of local features is a bag of patches: no feature relates what is further apart
    than the field. Without strides or dilation the field grows by two a layer, and by a multiple
    of the stride behind each downsampling.

    Evidence: Araujo et al. 2019 (Computing Receptive Fields of Convolutional Neural Networks,
    Distill): accuracy on ImageNet grows with the logarithm of the field. Luo et al. 2016
    (arXiv:1701.04128): the effective field is smaller still. Brendel and Bethge 2019 (BagNets,
    arXiv:1904.00760) show how far bags of patches go, and where they end.

    Example:

    ```arch
    arch Example {
      data  image(3, 224, 224)
      task  classify(10)
      model = 5 * (conv(64, 3) -> relu) -> global_avg_pool -> linear(classes)
    }
    ```

    Instead: `5 * (conv(64, 3, stride=2) -> relu) -> global_avg_pool -> linear(classes)`
    """

    code = "P405"
    thresholds: ClassVar[Mapping[str, float]] = {"share": 0.5}

    def check_input(self, case: Case) -> Iterable[Finding]:
        read = _read_by_head(case)
        grid = isinstance(case.takes, (types.Image, types.Volume))
        if read is None or not grid or case.unit != "sample":
            return
        deepest = _last_looking(case, read)
        if deepest is None:
            return
        side = max(types.spatial(case.takes))
        field = case.fact(reaches)[read].field
        least = self.settings["share"]
        if field >= least * side:
            return
        yield Finding(
            Severity.WARNING,
            f"what the head reads has seen {field} of {side} positions along the image",
            place(case, deepest),
            measured=f"{field} of {side} positions",
            threshold=f"at least {least:.0%}",
            amount=Amount(field / side, least),
            help="a stride of 2 (or pooling) after every two or three layers doubles what each"
            " further layer sees; dilation does too, at full resolution",
            also=trail(case, deepest),
        )


def _read_by_head(case: Case) -> int | None:
    """The place of what the head reads; of a tower the vector that is joined with others."""
    last = case.fact(head)
    if last is not None:
        return last.inputs[0]
    output = case.flat.output
    joined = isinstance(case, Tower) and not is_input(output)
    is_vector = joined and isinstance(case.steps[output].node.out, types.Vector)
    return output if is_vector else None


def _last_looking(case: Case, place: int) -> Step | None:
    """The last layer up to a place that reads a neighbourhood; None: no such net."""
    read = {place}
    for step in reversed(case.steps[: max(place, INPUT) + 1]):
        if step.place in read:
            if Trait.WEIGHTED in step.node.op.traits and _looks_around(step):
                return step
            read.update(step.inputs)
    return None


def _looks_around(step: Step) -> bool:
    window = step.node.window()
    return window is not None and window[0] > 1
