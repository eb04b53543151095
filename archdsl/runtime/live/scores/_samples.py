from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

MOST = 128  # samples that are compared with each other, as many as the paper's batches have


def compared(count: int) -> Tensor:
    """The places of the samples of a batch that are compared, evenly spaced where there are more
    than ``MOST``: the nodes of a graph may be any number."""
    import torch

    return torch.linspace(0, count - 1, min(count, MOST), dtype=torch.float64).round().long()
