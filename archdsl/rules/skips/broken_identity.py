"""P303: activations and dropout on a skip path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Label, Severity
from archdsl.graph.flat import INPUT
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, led_there
from archdsl.rules.facts_paths import Skip, skips

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class BrokenIdentity(Rule):
    """A skip path carries its input as it is.

    What: activations and regularisers (dropout, drop path) on the short way round a weighted body
    to an addition. A skip may be the identity, pooling, or a projection (a convolution or linear
    layer, a norm after it) where the body changes the shape; nothing may stand behind the
    projection but a norm. What stands before the paths part, or after the sum, is not on the skip.

    Why: through a clean skip the gradient of any block reaches all blocks before it as it is. A
    factor on it multiplies block by block, and a ReLU zeroes what is negative.

    Evidence: He et al. 2016 (Identity Mappings in Deep Residual Networks, arXiv:1603.05027,
    table 1, ResNet-110 on CIFAR-10): 6.61 % error with identities; with dropout of 0.5 on the
    skips training fails (error above 20 %), as it does when they are scaled by half.

    Example: `add(x -> relu, conv(64, 3) -> relu -> conv(64, 3))`

    Instead: `add(x, conv(64, 3) -> relu -> conv(64, 3)) -> relu`
    """

    code = "P303"

    def check(self, case: Case) -> Iterable[Finding]:
        marks = _marks(case)
        merges: dict[int, list[Skip]] = {}
        for skip in case.fact(skips):
            merges.setdefault(skip.merge.place, []).append(skip)
        told: set[object] = set()
        for found in merges.values():
            broken = [skip for skip in found if _mark(skip.path, marks) > skip.fork]
            if len(broken) < len(found):
                continue
            step = case.steps[marks[broken[0].path]]
            if step.node.span not in told:
                told.add(step.node.span)
                yield _finding(step, broken[0].merge)


def _marks(case: Case) -> list[int]:
    """For each op, the last activation or regulariser that it reads through ops of one input and
    without weights, or INPUT."""
    found: list[int] = []
    for step in case.steps:
        traits = step.node.op.traits
        if traits & {Trait.ACTIVATION, Trait.REGULARIZER}:
            found.append(step.place)
        elif len(step.inputs) > 1 or Trait.WEIGHTED in traits:
            found.append(INPUT)
        else:
            found.append(_mark(step.inputs[0], found))
    return found


def _mark(place: int, marks: list[int]) -> int:
    return INPUT if place == INPUT else marks[place]


def _finding(step: Step, merge: Step) -> Finding:
    kind = "an activation" if Trait.ACTIVATION in step.node.op.traits else "a regulariser"
    return Finding(
        Severity.WARNING,
        f"the skip path goes through {kind}",
        step.node.span,
        measured=f"{kind} on the skip",
        threshold="an identity or a projection",
        help="move it into the body, or behind the addition",
        also=(Label(merge.node.span, "the addition that the skip leads to"), *led_there(step)),
    )
