"""Modules that compute as in evaluation, where gradients pass through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn


def rest(module: nn.Module) -> None:
    """Bring a module to evaluation: nothing is dropped in it, its norms keep their statistics. Its
    recurrent layers are in training without dropout instead, which computes the same: in evaluation
    cuDNN has no gradients for what flows into them."""
    from torch.nn import RNNBase

    module.eval()
    for layer in module.modules():
        if isinstance(layer, RNNBase):
            layer.train()
            layer.dropout = 0.0
