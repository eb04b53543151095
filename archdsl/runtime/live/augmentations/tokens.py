"""Ids: one in twenty (basic) or in ten (strong) becomes one drawn from the batch, so that common
ids come in often (unigram noising, Xie et al. 2017, arXiv:1703.02573)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.runtime.live.augmentations import Degree


def vary(x: Tensor, degree: Degree) -> Tensor:
    import torch

    there = x[x != 0] if degree.padded else x.flatten()
    if not there.numel():
        return x
    drawn = there[torch.randint(there.numel(), x.shape).to(x.device)]
    taken = (torch.rand(x.shape) < (0.1 if degree.strong else 0.05)).to(x.device)
    return torch.where(taken, drawn, x)
