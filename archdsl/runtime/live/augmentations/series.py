"""Series: noise, and signals that are weaker or stronger (Um et al. 2017, arXiv:1706.00527).

Basic: noise of 0.03 and factors of 0.1 (standard deviations). Strong: noise of 0.1, factors of 0.2,
and moved by up to an eighth of the length (what comes in is the mean), except with an answer for
each step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.vision import transforms

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.runtime.live.augmentations import Degree


def vary(x: Tensor, degree: Degree) -> Tensor:
    varied = noisy(scaled(x, 0.2 if degree.strong else 0.1), 0.1 if degree.strong else 0.03)
    return _moved(varied) if degree.strong and degree.moves else varied


def noisy(x: Tensor, deviation: float) -> Tensor:
    import torch

    return x + deviation * torch.randn(x.shape).to(x)


def scaled(x: Tensor, deviation: float) -> Tensor:
    """Each sample times a number around one."""
    import torch

    factors = 1 + deviation * torch.randn(len(x), *[1] * (x.dim() - 1))
    return x * factors.to(x)


def _moved(x: Tensor) -> Tensor:
    import torch

    length, features = x.shape[1:]
    move = transforms().RandomCrop((length, features), padding=[0, max(1, length // 8)])
    return torch.cat([move(one[None]) for one in x]) if len(x) else x
