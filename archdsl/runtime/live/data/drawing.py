"""Batches of a person's data, read as a training step would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.runtime.live.arrays import arrays_of
from archdsl.runtime.live.data.fitting import settle, shaped
from archdsl.runtime.live.data.several import samples_of
from archdsl.types import arguments, shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from archdsl.spec.data import Data


def drawing(where: str, data: Data, batch: int) -> Callable[[], list[Tensor]]:
    """Reads the inputs of a random batch, as the spec takes them, each time it is called."""
    import numpy as np
    import torch

    found, takes = samples_of(where, data), data.tensor()
    settle(found, takes)
    chance = np.random.default_rng(0)

    def draw() -> list[Tensor]:
        places = chance.integers(len(found.y), size=batch)
        x = shaped(found.fetch(places), takes, where)
        given = dict(zip(arguments(takes), arrays_of(x), strict=True))
        noise = {name for name, one in data.inputs().items() if one.is_drawn}
        return [
            torch.randn(batch, *shape(arguments(takes)[name]))
            if name in noise
            else torch.from_numpy(part)
            for name, part in given.items()
        ]

    return draw
