"""Views of what is the same at every position, held to PyTorch."""

from __future__ import annotations

from itertools import permutations, product
from math import prod

import torch

from archdsl.ops.reads import Laid, channel
from archdsl.rules.facts_uniform import _keeps_channels
from archdsl.types import Image, Sequence, TensorType, shape

SIZES = (1, 2, 3, 4)
KINDS: list[TensorType] = [
    *(Image(*sizes) for sizes in product(SIZES, repeat=3)),
    *(Sequence(*sizes) for sizes in product((*SIZES, 6, 8, 9), repeat=2)),
]


def _alike(numbers: torch.Tensor, at: int) -> bool:
    """Whether the channels are the same at every position."""
    rows = numbers.movedim(at, -1).flatten(0, -2)
    return bool((rows == rows[0]).all())


def test_a_view_is_said_to_keep_what_is_alike_only_where_it_does() -> None:
    said = 0
    for x in (Image(3, 2, 2), Image(2, 2, 2), Sequence(4, 3), Sequence(3, 3), Image(4, 1, 2)):
        at, sizes = channel(x), shape(x)
        beside = [1 if axis != at else size for axis, size in enumerate(sizes)]
        numbers = torch.arange(sizes[at]).reshape(beside).expand(sizes)
        for order in permutations(range(len(sizes))):
            for out in (kind for kind in KINDS if prod(shape(kind)) == prod(sizes)):
                if _keeps_channels(Laid(sizes, order), x, out):
                    said += 1
                    assert _alike(numbers.permute(order).reshape(shape(out)), channel(out))
    assert said > 20
