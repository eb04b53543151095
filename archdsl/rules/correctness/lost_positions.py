"""P822: answers for each position that cannot differ by position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Severity
from archdsl.graph.flat import is_input
from archdsl.rules.base import Finding, Rule, place, trail
from archdsl.rules.facts_paths import path, results
from archdsl.rules.facts_reads import positions
from archdsl.rules.facts_uniform import spread
from archdsl.spec.task import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case
    from archdsl.spec.task import Task

PER_POSITION = {"pixel": "pixel", "token": "position", "node": "node"}


class LostPositions(Rule):
    """A model that answers for each position keeps positions apart on some path.

    What: tasks per pixel, token or node. An error where the answer is provably the same at every
    position, the border of padded windows left out: on every path all positions became one, which
    was then repeated. A warning where, for classes, every path pools over all positions, and
    weights of their own make positions again of what is left. One path that keeps positions makes
    it silent: a skip as in U-Net, a pooled context beside the map as in PSPNet, DeepLab, SE. So
    does a vector that is no mean: an autoencoder that flattens.

    Why: a mean tells what is in a picture, not where. Copied to each pixel it gives each of them
    the same answer.

    Evidence: the graph itself. Long et al. 2015 (FCN, arXiv:1411.4038), table 2: predictions made
    of a map 32 times smaller reach 59.4 % mean IoU on their validation set, with skips to finer
    ones 62.7 %. Zhao et al. 2017 (PSPNet, arXiv:1612.01105) join the pooled context to the map
    that keeps places.

    Example:

    ```arch
    arch Example {
      data  image(3, 64, 64)
      task  classify(5, per=pixel)
      model = conv_bn_act(32, stride=2) -> conv_bn_act(64, stride=2) -> global_avg_pool
           -> reshape(64, 1, 1) -> upsample(64) -> conv(classes, 1)
    }
    ```

    Instead: `conv_bn_act(32, stride=2) -> conv_bn_act(64, stride=2) -> upsample(4) ->
    conv(classes, 1)`, or a U-Net
    """

    code = "P822"

    def check(self, case: Case) -> Iterable[Finding]:
        heads = case.task.heads if case.task is not None else ()
        for (_, task), answer in zip(heads, case.fact(results), strict=False):
            noun = PER_POSITION.get(task.unit(case.data))
            if noun is not None and not is_input(answer):
                yield from self._lost(case, task, noun, answer)

    def _lost(self, case: Case, task: Task, noun: str, answer: int) -> Iterable[Finding]:
        count = positions(case.flat.steps[answer].node.out)
        state = case.fact(spread)[answer]
        guessed = state.pooled and task.answer is not Answer.NUMBERS
        if count == 1 or not (state.uniform or guessed):
            return
        step = _collapse(case, answer)
        told = f"at all {count:,} {noun}s the answer is the same"
        yield Finding(
            Severity.ERROR if state.uniform else Severity.WARNING,
            told if state.uniform else f"what each {noun} is told comes of a mean over all of them",
            place(case, step),
            measured="1 position on every path",
            threshold="a path that keeps positions",
            amount=None,
            help="leave the pooling out and enlarge the map (`upsample`), or join the layers before"
            " it to the answer, as `unet_up` does",
            also=trail(case, step),
        )


def _collapse(case: Case, answer: int) -> Step:
    """The last op on every path that makes one position of several; else the one that answers."""
    way = [case.flat.steps[step.place] for step in path(case, answer)]
    found = [
        step
        for step in way
        if positions(step.node.out) == 1 and any(positions(x) > 1 for x in step.node.inputs)
    ]
    return found[-1] if found else way[-1]
