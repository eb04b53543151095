from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.scores import Score
from archdsl.runtime.live.scores._weights import gradients, layer_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

    from archdsl.runtime.live.batches import Batch
    from archdsl.runtime.live.losses import Loss


class Snip(Score):
    """What the loss would change by, to first order, were each weight taken out: the sum of
    abs(weight * gradient of the loss) over all weights.

    Lee, Ajanthan and Torr, SNIP: Single-shot Network Pruning based on Connection Sensitivity, ICLR
    2019, arXiv:1810.02340; summed to score a network by Abdelfattah et al. 2021, arXiv:2101.08134.
    """

    def of(self, module: nn.Module, batches: Sequence[Batch], loss: Loss) -> float:
        weights = layer_weights(module)
        found = gradients(module, weights, batches[0], loss)
        pairs = zip(weights, found, strict=True)
        return sum(float((w.detach().double() * g.double()).abs().sum()) for w, g in pairs)
