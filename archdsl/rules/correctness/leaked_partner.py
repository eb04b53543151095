"""P827: a vector of a pair that has read what its partner is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Severity
from archdsl.graph.flat import is_input
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_demand import demands
from archdsl.rules.facts_paths import results
from archdsl.spec.task import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.rules.case import Case


class LeakedPartner(Rule):
    """The vectors of a pair are made apart.

    What: under a task that asks for two vectors which find each other, an error where both are the
    same result, or where one reads every input that the other is made of; a warning where they
    share some inputs and each has others of its own. Two vectors of a single input are not meant:
    they may be of two parts of it, or differ by dropout (SimCSE).

    Why: a vector that has read its partner's input can be a copy of its partner. It then finds it
    among all others whatever the inputs mean: the loss falls to its least, and nothing has been
    learned. What both read they agree on, which makes other samples easy to tell; and in use, where
    a picture is looked up by a text, only one of both is at hand.

    Evidence: by construction. CLIP (Radford et al. 2021, arXiv:2103.00020) keeps its towers apart
    up to the product of their vectors; models that let picture and text read each other (ALBEF, Li
    et al. 2021, arXiv:2107.07651) contrast what comes before that. Chen et al. 2020 (SimCLR,
    arXiv:2002.05709), section 3.2: crops of one picture share their histogram of colours, by which
    a network may tell them and learn little else.

    Example:

    ```arch
    arch Example {
      data  picture = image(3, 32, 32)
      data  facts = table(12)
      task  contrast(32)
      model {
        let seen = picture -> conv(16, 3, stride=2) -> relu -> global_avg_pool
        let left = concat(seen, facts) -> linear(dimension)
        let right = facts -> linear(dimension)
        return left, right
      }
    }
    ```

    Instead: `outputs(picture -> conv(16, 3, stride=2) -> relu -> global_avg_pool ->
    linear(dimension), facts -> linear(dimension))`, which reads each input for its own vector
    """

    code = "P827"
    of_training = True

    def check(self, case: Case) -> Iterable[Finding]:
        if case.task is None or case.task.answer is not Answer.PAIR:
            return
        pair = case.fact(results)[: case.task.vectors]
        if len(pair) < case.task.vectors:
            return  # told of as no pair
        left, right = pair
        if left == right:
            yield _finding(
                case, right, "both vectors are one: each finds itself", "1 result, twice"
            )
            return
        read = [_read(case, one) for one in (left, right)]
        shared = read[0] & read[1]
        if len(case.inputs) == 1 or not shared:
            return
        told = " and ".join(case.input_name(one) for one in sorted(shared, reverse=True))
        inside = [n for n, (own, other) in enumerate((read, read[::-1])) if other <= own]
        if not inside:
            yield _finding(case, right, f"both vectors read {told}", told, Severity.WARNING)
            return
        leaked = (left, right)[inside[0]]
        yield _finding(
            case, leaked, f"this vector reads all that its partner is made of: {told}", told
        )


def _read(case: Case, result: int) -> frozenset[int]:
    """The inputs that make a difference to a result; none where that is too much to follow."""
    found = demands(case, (result,))
    if found is None:
        return frozenset()
    return frozenset(one for one in case.inputs if found.of(one) is not None)


def _finding(
    case: Case, result: int, message: str, measured: str, severity: Severity = Severity.ERROR
) -> Finding:
    step = None if is_input(result) else case.flat.steps[result]
    return Finding(
        severity,
        message,
        case.span if step is None else place(case, step),
        measured=f"shared: {measured}" if "result" not in measured else measured,
        threshold="vectors of inputs of their own",
        amount=None,
        help="let each vector come from its own input, and join them behind the task if at all",
        also=() if step is None else trail(case, step),
    )
