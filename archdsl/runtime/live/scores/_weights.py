"""The weights of layers, and what a loss on a batch asks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.gradients import is_own
from archdsl.runtime.live.losses import several

if TYPE_CHECKING:
    from torch import Tensor, nn

    from archdsl.runtime.live.batches import Batch
    from archdsl.runtime.live.losses import Loss


def layer_weights(module: nn.Module) -> list[nn.Parameter]:
    """The matrices and kernels that a module learns, each once.

    Biases, the factors of norms, and tables whose rows are looked up (embeddings, positions, a
    class token) are none.
    """
    found: dict[int, nn.Parameter] = {}
    for owner in module.modules():
        if not _holds_tables(owner):
            own = owner.named_parameters(recurse=False)
            found.update((id(p), p) for name, p in own if p.dim() > 1 and "bias" not in name)
    return list(found.values())


def _holds_tables(owner: nn.Module) -> bool:
    """Whether what it learns is looked up or scales: embeddings, norms, and the own parameters of
    the classes of an emitted file."""
    from torch import nn

    return is_own(owner) or isinstance(owner, nn.Embedding | nn.LayerNorm | nn.RMSNorm)


def gradients(
    module: nn.Module, weights: list[nn.Parameter], batch: Batch, loss: Loss
) -> list[Tensor]:
    """The gradient of the loss on a batch for each weight, of several results the first's; zeros
    for a weight that the result does not depend on."""
    import torch

    value = loss.of_all(several(module(*batch.inputs)), batch.target)
    if not value.requires_grad:
        return [torch.zeros_like(weight) for weight in weights]
    return list(torch.autograd.grad(value, weights, allow_unused=True, materialize_grads=True))
