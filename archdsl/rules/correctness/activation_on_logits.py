"""P805: activations and norms on the scores of a classifier."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from archdsl.diagnostics import Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.correctness._removing import removed
from archdsl.rules.facts_output import endings
from archdsl.rules.facts_text import ends_the_model
from archdsl.spec.task import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archdsl.rules.case import Case
    from archdsl.rules.facts_output import AtTheEnd
    from archdsl.spec.task import Task


class ActivationOnLogits(Rule):
    """What a classifier gives are scores, with nothing on them.

    What: an activation or a norm between the layer that makes the scores and the result, under a
    task whose loss is the cross-entropy. An error where the scores cannot leave an interval
    (softmax, sigmoid, tanh, ReLU6, what a recurrent layer gives), averaged over positions or not,
    or where ReLU cuts the negative ones; a warning for others and for norms. A ReLU whose result
    is averaged is fine (Network in Network, SqueezeNet).

    Why: the loss applies its own softmax (for one class and for labels its own sigmoid). Of scores
    between 0 and 1 a second softmax makes nearly equal probabilities: of ten classes none gets more
    than 23 %, and the loss never falls below 1.46. Where ReLU gives 0 for every class, no gradient
    is left.

    Evidence: the probability of a class among k is at most e^w / (e^w + k - 1) for scores in an
    interval of width w. PyTorch's `CrossEntropyLoss` expects "unnormalized logits". Bridle 1990
    (Probabilistic interpretation of feedforward classification network outputs) for one softmax.
    Norms on scores are met (binarised networks, Courbariaux et al. 2016, arXiv:1602.02830).

    Example:

    ```arch
    arch Example {
      data  table(20)
      task  classify(10)
      model = linear(64) -> relu -> linear(classes) -> softmax
    }
    ```

    Instead: `linear(64) -> relu -> linear(classes)`; take the softmax of the scores in use

    The fix removes it. It is another model, so it is applied with `--unsafe-fixes` only.
    """

    code = "P805"
    of_training = True

    def check(self, case: Case) -> Iterable[Finding]:
        for task, steps in case.fact(endings):
            at_fault = [one for one in steps if _acts(one)] if task.scores else []
            if at_fault:
                worst = next(filter(_is_error, at_fault), at_fault[0])
                yield _finding(worst, at_fault, task, case)

    def rejects_all(self, case: Case, least: Callable[[str], float]) -> bool:
        """Where it is the last step of the model, it is so in every design."""
        if not any(self.check(case)):
            return False
        lasts = [ending.steps[0] for ending in case.fact(endings) if ending.steps]
        return any(_is_error(last) and ends_the_model(last.step.node.span) for last in lasts)


def _is_error(one: AtTheEnd) -> bool:
    return one.bounded or one.rectified


def _acts(one: AtTheEnd) -> bool:
    bends = one.has(Trait.ACTIVATION) and not one.has(Trait.GATED)
    return _is_error(one) or bends or one.has(Trait.NORM)


def _finding(worst: AtTheEnd, at_fault: list[AtTheEnd], task: Task, case: Case) -> Finding:
    step = worst.step
    layers = [one.step for one in at_fault if Trait.WEIGHTED not in one.step.node.op.traits]
    inside = len(layers) < len(at_fault)
    own = "sigmoid" if _is_each_by_itself(task, case) else "softmax"
    help = (
        "let a `linear` or a 1×1 `conv` without activation give the scores"
        if inside
        else f"remove it: the loss applies its own {own}; apply one to the scores in use"
    )
    measured, why = _shown(worst, task, case)
    return Finding(
        Severity.ERROR if _is_error(worst) else Severity.WARNING,
        f"the loss makes probabilities of scores by itself, and {why}",
        place(case, step),
        measured=measured,
        threshold="scores as the last layer gives them",
        amount=None,
        help=help,
        fix=None if inside else removed(layers, case),
        also=trail(case, step),
    )


def _shown(one: AtTheEnd, task: Task, case: Case) -> tuple[str, str]:
    """What is on the scores, and what follows."""
    if one.bounded:
        low, high = one.step.node.bounds()
        bounds = f"scores between {low:g} and {high:g}"
        return f"{bounds}: {_surest(low, high, task, case)}", "of these it makes nearly equal ones"
    if one.rectified:
        return "no score below 0", "where all of these are 0 nothing is learned"
    if one.has(Trait.NORM):
        return "a norm on the scores", "a norm here decides how sure they may be"
    return "an activation on the scores", "these went through an activation"


def _is_each_by_itself(task: Task, case: Case) -> bool:
    """Whether each score makes a probability of its own: of labels, and of one class."""
    return task.answer is Answer.LABELS or task.width(case.data) == 1


def _surest(low: float, high: float, task: Task, case: Case) -> str:
    """The most that the loss can make of scores between two bounds."""
    classes = task.width(case.data)
    if _is_each_by_itself(task, case):
        least, most = (100 / (1 + exp(-score)) for score in (low, high))
        return f"a probability from {least:.3g} to {most:.3g} %"
    most = exp(high - low) / (exp(high - low) + classes - 1)
    return f"no class above {100 * most:.3g} %"
