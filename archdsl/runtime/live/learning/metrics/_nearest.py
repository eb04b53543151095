"""The nearest of many vectors, a part of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

AT_ONCE = 2**22  # cosines


def nearest(asked: Tensor, among: Tensor, but_own: bool = False) -> Tensor:
    """For each of N×C vectors of length 1 the place of the nearest of M×C others, by the cosine: N.
    Where both are the same vectors, ``but_own`` leaves out each one itself."""
    import torch

    size, found = max(AT_ONCE // len(among), 1), []
    for start in range(0, len(asked), size):
        near = asked[start : start + size] @ among.T
        if but_own:
            own = torch.arange(len(near))
            near[own, own + start] = -torch.inf
        found.append(near.argmax(-1))
    return torch.cat(found)
