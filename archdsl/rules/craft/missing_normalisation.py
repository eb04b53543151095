"""P704: a deep net without a single norm."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl import types
from archdsl.diagnostics import Amount, Severity
from archdsl.graph.flat import is_input
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, place, trail
from archdsl.rules.facts_paths import gives_back
from archdsl.rules.facts_runs import layers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class MissingNormalisation(Rule):
    """Deep nets normalise.

    What: weighted layers on the longest path of a net that has no normalisation at all. Not those
    of branches that end with a learned factor for each channel, nor what a gate mixes with what
    flows past it (highway): both hold the scale by themselves. Nets that give back the image they
    take, such as those for super-resolution, are left out.

    Why: without a norm the scale of features is the product of what all layers do to it; it drifts
    in training, so learning rates must be small and initialisation careful.

    Evidence: Ioffe and Szegedy 2015 (Batch Normalization, arXiv:1502.03167): the accuracy of
    Inception in 14 times fewer steps. Simonyan and Zisserman 2014 (VGG, arXiv:1409.1556, section
    3.1) had to start their deeper nets from the layers of a trained shallow one. Zhang et al. 2019
    (Fixup, arXiv:1901.09321) show what it takes to train deep residual nets without. Bachlechner et
    al. 2020 (ReZero, arXiv:2003.04887) train them with one learned factor for each branch. Lim et
    al. 2017 (EDSR, arXiv:1707.02921, section 3.1) leave batch norm out for images: it takes away
    the range of what it normalises.

    Example:

    ```arch
    arch Example {
      data  image(3, 64, 64)
      task  classify(10)
      model = 13 * (conv(64, 3) -> relu) -> global_avg_pool -> linear(classes)
    }
    ```

    Instead: `13 * (conv(64, 3, bias=false) -> batch_norm -> relu) -> …`
    """

    code = "P704"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"layers": 10}

    def check(self, case: Case) -> Iterable[Finding]:
        if case.having(Trait.NORM) or _restores(case):
            return
        depth = max(_unscaled(case), default=0)
        most = self.settings["layers"]
        if depth <= most:
            return
        first = case.weighted[0]
        grid = Trait.CONVOLUTION in first.node.op.traits
        yield Finding(
            Severity.NOTE,
            f"{count(depth, 'weighted layer')} and no normalisation",
            place(case, first),
            measured=f"{depth} layers, no norm",
            threshold=f"at most {most:g} without",
            amount=Amount(depth, most),
            help=f"`{'batch_norm' if grid else 'layer_norm'}` behind each layer or in each block",
            also=trail(case, first),
        )


def _restores(case: Case) -> bool:
    return case.fact(gives_back) and isinstance(case.takes, (types.Image, types.Volume))


def _unscaled(case: Case) -> list[int]:
    """For each op, the layers in a row that nothing holds the scale of."""
    counts = case.fact(layers)
    found: list[int] = []
    for step in case.steps:
        before = [0 if is_input(source) else found[source] for source in step.inputs]
        found.append(_carried(step, before) + counts[step.place])
    return found


def _carried(step: Step, before: list[int]) -> int:
    traits = step.node.op.traits
    if Trait.SCALING in traits:
        return 0
    return min(before) if Trait.INTERPOLATING in traits else max(before)
