"""P704: a deep net without a single norm."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archdsl.diagnostics import Severity
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, count, led_there

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.rules.case import Case


class MissingNormalisation(Rule):
    """Deep nets normalise.

    What: weighted layers on the longest path of a net that has no normalisation at all.

    Why: without a norm the scale of features is the product of what all layers do to it; it drifts
    in training, so learning rates must be small and initialisation careful.

    Evidence: Ioffe and Szegedy 2015 (Batch Normalization, arXiv:1502.03167): the accuracy of
    Inception in 14 times fewer steps. Simonyan and Zisserman 2014 (VGG, arXiv:1409.1556, section
    3.1) had to start their deeper nets from the layers of a trained shallow one. Zhang et al. 2019
    (Fixup, arXiv:1901.09321) show what it takes to train deep residual nets without.

    Example: `13 * (conv(64, 3) -> relu) -> global_avg_pool -> linear(classes)`

    Instead: `13 * (conv(64, 3, bias=false) -> batch_norm -> relu) -> …`
    """

    code = "P704"
    thresholds: ClassVar[Mapping[str, float]] = {"layers": 10}

    def check(self, case: Case) -> Iterable[Finding]:
        if case.having(Trait.NORM) or case.depth <= self.settings["layers"]:
            return
        first = case.weighted[0]
        grid = Trait.CONVOLUTION in first.node.op.traits
        yield Finding(
            Severity.NOTE,
            f"{count(case.depth, 'weighted layer')} and no normalisation",
            first.node.span,
            measured=f"{case.depth} layers, no norm",
            threshold=f"at most {self.settings['layers']:g} without",
            help=f"`{'batch_norm' if grid else 'layer_norm'}` behind each layer or in each block",
            also=led_there(first),
        )
