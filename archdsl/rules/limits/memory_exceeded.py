"""P601: training or inference that does not fit the memory there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.limits import shown
from archdsl.diagnostics import Severity
from archdsl.rules.base import Finding, Rule
from archdsl.rules.limits._ways_out import fitting_memory, missed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.cost.limits import Missed
    from archdsl.rules.case import Case


class MemoryExceeded(Rule):
    """A model has to fit the memory it is trained and run in.

    What: `memory(training)` is weights, gradients, optimizer state and the bytes that autograd
    keeps for the backward pass, at the batch and precision of the `train` clause;
    `memory(inference)` is weights and the tensors alive at once. Either over a `require` rejects
    the design.

    Why: with Adam in fp32 a parameter takes 16 bytes before a single activation is kept: 1.5
    billion parameters fill 24 GB, and the activations of a batch come on top.

    Evidence: kept bytes equal to what torch 2.13 saves, to the byte, for ResNet-18, ResNet-50,
    MobileNetV2 and ViT-B/16 at batches of 1, 8 and 32; Rajbhandari et al. 2020 (ZeRO,
    arXiv:1910.02054) for the 16 bytes of mixed-precision Adam.

    Example: `require memory(training) <= 1 GiB` for ResNet-50 at `batch=32`

    Instead: the largest batch that fits, half precision, fewer channels, or checkpointing
    """

    code = "P601"

    def check(self, case: Case) -> Iterable[Finding]:
        for one in missed(case, "memory"):
            yield _finding(case, one)


def _finding(case: Case, missed: Missed) -> Finding:
    condition = missed.requirement.condition
    found, limit = shown(missed.found), shown(missed.limit)
    mode = "training" if "training" in condition.span.text else "inference"
    help = fitting_memory(case, missed.limit.value) if mode == "training" else ""
    return Finding(
        Severity.ERROR,
        f"{mode} takes {found} of memory, and {limit} are allowed{missed.because}",
        condition.span,
        measured=found,
        threshold=f"at most {limit}",
        help=help or "fewer channels or layers, or half precision",
    )
