"""P807: answers in numbers that cannot be any number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl import types
from archdsl.diagnostics import Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.correctness._removing import removed
from archdsl.rules.facts_output import endings
from archdsl.rules.facts_paths import gives_back
from archdsl.spec.task import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.rules.case import Case
    from archdsl.rules.facts_output import AtTheEnd


class BoundedRegression(Rule):
    """A regression can give any number.

    What: between the layer that makes the numbers of a regression and the result, an activation
    that cannot leave an interval (sigmoid, tanh, softmax, ReLU6, a recurrent layer's own) or a
    ReLU. Images and volumes have a range, and so has what an autoencoder gives back: bounds are
    right there. Softplus, for what is positive, hands every gradient on and is not meant, nor are
    activations of a part of the answer (NeRF's density and colour side by side).

    Why: a target beyond the bounds cannot be met, and near them the gradient vanishes. Where ReLU
    gives 0 it is 0: an answer that is negative for all samples never comes back.

    Evidence: Bishop 1995 (Neural Networks for Pattern Recognition, section 6.1): for squares the
    output is linear. Lu et al. 2019 (arXiv:1903.06733) of dying ReLUs. Mildenhall et al. 2020
    (arXiv:2003.08934) mean it of densities, Barron et al. 2021 (arXiv:2103.13415) take softplus.
    Who scaled the targets to the bounds means it: `allow` it.

    Example:

    ```arch
    arch Example {
      data  table(20)
      task  regress(1)
      model = linear(64) -> relu -> linear(targets) -> sigmoid
    }
    ```

    Instead: `linear(64) -> relu -> linear(targets)`, or `softplus` for what is positive

    The fix removes it. It is another model, so it is applied with `--unsafe-fixes` only.
    """

    code = "P807"
    of_training = True

    def check(self, case: Case) -> Iterable[Finding]:
        for task, steps in case.fact(endings):
            is_free = task.answer is Answer.NUMBERS
            at_fault = [one for one in steps if _binds(one, case)] if is_free else []
            if at_fault:
                yield _finding(at_fault, case)


def _binds(one: AtTheEnd, case: Case) -> bool:
    if one.rectified and not one.bounded:
        return True
    pictures = isinstance(one.step.node.out, (types.Image, types.Volume))
    return one.bounded and not pictures and not case.fact(gives_back)


def _finding(at_fault: list[AtTheEnd], case: Case) -> Finding:
    first = at_fault[0]
    low, high = first.step.node.bounds()
    layers = [one.step for one in at_fault if Trait.WEIGHTED not in one.step.node.op.traits]
    inside = len(layers) < len(at_fault)
    measured = f"between {low:g} and {high:g}" if first.bounded else "nothing below 0"
    return Finding(
        Severity.WARNING,
        f"this regression gives {measured.replace('between', 'numbers between')}",
        place(case, first.step),
        measured=measured,
        threshold="any number",
        amount=None,
        help="let a `linear` give the numbers"
        if inside
        else (
            "remove it, or `allow` it if the targets are within these bounds; "
            "`softplus` gives positive numbers with a gradient everywhere"
        ),
        fix=None if inside else removed(layers, case),
        also=trail(case, first.step),
    )
