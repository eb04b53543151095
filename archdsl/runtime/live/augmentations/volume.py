"""Scans and clips.

Basic: all slices shifted alike, by up to an eighth of their sides. Strong: besides, turned, shifted
and scaled alike, and for one in four a rectangle erased. With an answer for each pixel nothing
moves: basic and strong vary how strong the signal is, by a tenth and a fifth (one standard
deviation).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.augmentations.image import erased, shifted, turned
from archdsl.runtime.live.augmentations.series import scaled

if TYPE_CHECKING:
    from torch import Tensor

    from archdsl.runtime.live.augmentations import Degree


def vary(x: Tensor, degree: Degree) -> Tensor:
    import torch

    if not degree.moves:
        return scaled(x, 0.2 if degree.strong else 0.1)
    steps = [shifted(x), *([turned(), erased()] if degree.strong else [])]
    varied = []
    for slices in x.flatten(1, 2):
        for step in steps:
            slices = step(slices)
        varied.append(slices)
    return torch.stack(varied).reshape(x.shape) if varied else x
