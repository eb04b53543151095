"""``global_avg_pool`` makes a vector of an image, a volume or a sequence."""

from __future__ import annotations

import pytest

from archdsl.ops.pooling.global_avg_pool import GlobalAvgPool
from archdsl.types import Grid, Image, Sequence, Vector, Volume
from tests.ops.against_torch import agrees, refuses


@pytest.mark.parametrize("x", [Image(3, 5, 7), Image(4, 1, 1), Volume(2, 3, 4, 5), Sequence(7, 4)])
def test_it_does_what_it_foretold(x: Grid) -> None:
    agrees(GlobalAvgPool(), x)


def test_channels_remain() -> None:
    assert GlobalAvgPool().infer(Image(3, 5, 7)) == Vector(3)
    assert GlobalAvgPool().infer(Sequence(7, 4)) == Vector(4)
    agrees(GlobalAvgPool(), Image(3, 5, 7), reference=lambda x: x.flatten(2).mean(2))


def test_vectors_are_refused() -> None:
    words = "global_avg_pool cannot take a vector (9)"
    refuses(GlobalAvgPool(), Vector(9), words=words)
