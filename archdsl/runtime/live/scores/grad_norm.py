from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.scores import Score
from archdsl.runtime.live.scores._weights import gradients, layer_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

    from archdsl.runtime.live.batches import Batch
    from archdsl.runtime.live.losses import Loss


class GradNorm(Score):
    """How strongly a batch pulls at the weights: the Euclidean norm of the loss's gradient for each
    layer's weights, summed over layers.

    Abdelfattah, Mehrotra, Dudziak and Lane, Zero-Cost Proxies for Lightweight NAS, ICLR 2021,
    arXiv:2101.08134.
    """

    def of(self, module: nn.Module, batches: Sequence[Batch], loss: Loss) -> float:
        found = gradients(module, layer_weights(module), batches[0], loss)
        return sum(float(gradient.double().norm()) for gradient in found)
