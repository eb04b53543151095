"""Random weights for a peer, its indices left what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.zoo import transfer

if TYPE_CHECKING:
    from torch import nn


def randomised(model: nn.Module) -> nn.Module:
    """The model with other weights, so that each of them matters."""
    indices = {k: t.clone() for k, t in model.state_dict().items() if not t.is_floating_point()}
    transfer.randomise(model)
    model.load_state_dict(indices, strict=False)
    return model
