"""Sizes that are written out, or those of another tensor."""

from __future__ import annotations

from archdsl.ops.base import OpError
from archdsl.ops.plumbing._axes import Extent, spread
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.types import Grid, TensorType, said, spatial


def target(word: str, size: Extent | None, inputs: tuple[TensorType, ...]) -> tuple[int, ...]:
    """The size that is asked for of each axis of positions: ``size``, or that of a tensor given as
    ``like=``. Raises where there is neither or both."""
    x = grid(word, inputs[0])
    if len(inputs) == 1 and size is None:
        raise OpError(
            f"{word} has no size",
            needed="a size, or like= and the name of a tensor",
            help=f"{word}(size({', '.join(map(str, spatial(x)))})), {word}(like=skip)",
        )
    if size is not None and len(inputs) > 1:
        raise OpError(
            f"{word} is told a size, and to be like a tensor",
            needed="one of the two",
            argument="size",
        )
    if size is not None:
        return spread("size", size, len(spatial(x)))
    like = inputs[1]
    if len(spatial(like)) != len(spatial(x)):
        raise OpError(
            f"{word} cannot bring {said(x)} to the size of {said(like)}",
            needed="a tensor of the same kind",
        )
    return spatial(like)


def grid(word: str, x: TensorType) -> Grid:
    """What has positions along axes. Raises where it has none."""
    if not isinstance(x, GRIDS):
        raise wrong_kind(word, x, GRIDS)
    return x
