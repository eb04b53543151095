"""Nodes: one in ten (basic) or in five (strong) of the features is hidden, in all nodes of a batch
alike (Zhu et al. 2020, arXiv:2006.04131)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.runtime.live.augmentations import Degree


def vary(x: Tensor, degree: Degree) -> Tensor:
    import torch

    kept = torch.rand(x.shape[1]) >= (0.2 if degree.strong else 0.1)
    return x * kept.to(x)
