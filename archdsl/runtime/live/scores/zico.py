from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, ClassVar

from archdsl.runtime.live.scores import NoScore, Score
from archdsl.runtime.live.scores._weights import gradients, layer_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor, nn

    from archdsl.runtime.live.batches import Batch
    from archdsl.runtime.live.losses import Loss


class Zico(Score):
    """How large the gradients are beside how much they differ from batch to batch: over layers, the
    sum of log(sum over weights of mean(abs(gradient)) / standard deviation of abs(gradient)).

    Means and deviations are over two batches at the same weights, as in the paper. Weights whose
    gradients do not differ, and layers without any others, are left out, as in its published code.

    Li, Yang, Bhardwaj and Marculescu, ZiCo: Zero-shot NAS via Inverse Coefficient of Variation on
    Gradients, ICLR 2023, arXiv:2301.11300.
    """

    batches: ClassVar[int] = 2

    def of(self, module: nn.Module, batches: Sequence[Batch], loss: Loss) -> float:
        weights = layer_weights(module)
        rounds = [gradients(module, weights, batch, loss) for batch in batches]
        ratios = [_ratio(list(seen)) for seen in zip(*rounds, strict=True)]
        if not any(ratios):
            raise NoScore("zico: no weight has a gradient that differs from batch to batch")
        return sum(log(ratio) for ratio in ratios if ratio)


def _ratio(seen: list[Tensor]) -> float:
    """Of one layer: the sum over its weights of mean over deviation."""
    import torch

    sizes = torch.stack(seen).abs().double()
    deviation = sizes.std(0, correction=0)
    differ = deviation > 0
    return float((sizes.mean(0)[differ] / deviation[differ]).sum())
