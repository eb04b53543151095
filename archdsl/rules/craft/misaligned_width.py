"""P707: widths that matrix units have to pad."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.cost.latency import HALF
from archdsl.cost.measured import devices_named
from archdsl.diagnostics import Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, led_there
from archdsl.rules.facts_paths import head

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class MisalignedWidth(Rule):
    """Widths are multiples of 8 where matrix units multiply.

    What: channels and features of weighted layers that are no multiples of 8, when training is in
    half precision (bf16, fp16, amp) or a device that the spec names has `matrix_units=true`. The
    last layer, whose width the task gives, does not count, nor do features that are transposed
    into positions.

    Why: matrix units multiply tiles; a width between two multiples is padded to the next, or the
    product falls back to slower kernels. The next multiple costs nothing and has capacity.

    Evidence: NVIDIA, Deep Learning Performance Guide, "Tensor Core Requirements": efficient with
    dimensions that are multiples of 8 in fp16. Karpathy 2023 (nanoGPT): padding a vocabulary from
    50,257 to 50,304 made training about a quarter faster.

    Example: `linear(1001)` with `train adamw(precision=bf16)`

    Instead: `linear(1008)`
    """

    code = "P707"
    thresholds: ClassVar[Mapping[str, float]] = {"multiple": 8}

    def check(self, case: Case) -> Iterable[Finding]:
        where = _matrix_units(case)
        multiple = int(self.settings["multiple"])
        last = case.fact(head)
        chosen = [pair for pair in case.widths if pair[0] is not last and _is_chosen(pair[0], case)]
        odd = [(step, width) for step, width in chosen if width % multiple]
        if not where or not odd:
            return
        step, width = odd[0]
        yield Finding(
            Severity.NOTE,
            f"{width} channels are no multiple of {multiple}, {where}",
            step.node.span,
            measured=", ".join(str(width) for width in sorted({width for _, width in odd})),
            threshold=f"multiples of {multiple}",
            help=f"round up: {width} to {-(-width // multiple) * multiple}",
            also=led_there(step),
        )


def _matrix_units(case: Case) -> str:
    """Where there are matrix units, or nothing."""
    if case.train is not None and case.train.precision in HALF:
        return f"in {case.train.precision}"
    named = [name for name, device in devices_named(case.program) if device.matrix_units]
    return f"on {named[0]}" if named else ""


def _is_chosen(step: Step, case: Case) -> bool:
    """Whether the width is free: features that become positions are as many as these."""
    readers = [case.steps[place].node.op.traits for place in case.flat.readers[step.place]]
    return not any({Trait.VIEW, Trait.MIXES_POSITIONS} <= traits for traits in readers)
