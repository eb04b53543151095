"""Batches of a person's data, read as a training step would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.data.fitting import settle, shaped
from archdsl.runtime.live.data.sources import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from archdsl.spec.data import Data


def drawing(where: str, data: Data, batch: int) -> Callable[[], Tensor]:
    """Reads a random batch, as the spec takes it, each time it is called."""
    import numpy as np
    import torch

    found, takes = read(where), data.tensor()
    settle(found, takes)
    chance = np.random.default_rng(0)

    def draw() -> Tensor:
        places = chance.integers(len(found.y), size=batch)
        return torch.from_numpy(shaped(found.fetch(places), takes, where))

    return draw
