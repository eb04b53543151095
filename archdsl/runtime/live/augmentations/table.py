"""Rows: noise of 0.03 (basic) or 0.1 (strong) standard deviations; strong puts besides, in one of
ten places, what another row of the batch has there (Bahri et al. 2022, arXiv:2106.15147)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.augmentations.series import noisy

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.runtime.live.augmentations import Degree


def vary(x: Tensor, degree: Degree) -> Tensor:
    import torch

    if not degree.strong or not len(x):
        return noisy(x, 0.03)
    rows = torch.randint(len(x), x.shape).to(x.device)
    taken = (torch.rand(x.shape) < 0.1).to(x.device)
    return noisy(torch.where(taken, x.gather(0, rows), x), 0.1)
