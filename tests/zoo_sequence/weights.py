"""Random weights for a peer, what it does not learn left what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from tests.zoo import transfer

if TYPE_CHECKING:
    from torch import Tensor, nn


def randomised(model: nn.Module) -> nn.Module:
    """The model with other weights, so that each of them matters."""
    fixed = {
        key: tensor.clone() for key, tensor in model.state_dict().items() if _is_fixed(key, tensor)
    }
    transfer.randomise(model)
    model.load_state_dict(fixed, strict=False)
    for module in model.modules():
        if hasattr(module, "logit_scale"):
            _without_key_biases(module.qkv)
    return model


def _is_fixed(key: str, tensor: Tensor) -> bool:
    """Whether this is an index, or a table of offsets."""
    return not tensor.is_floating_point() or key.endswith("relative_coords_table")


def _without_key_biases(qkv: nn.Module) -> None:
    """Swin v2 takes the biases of keys for 0 whatever they are."""
    with torch.no_grad():
        qkv.get_parameter("bias").chunk(3)[1].zero_()
