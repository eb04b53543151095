"""Five units of MobileNetV2's blocks, as specs/spaces/mobilenet_v2_like.arch has them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from tests.space.literature.costs import Cost, Span, conv, either, in_row, just, linear, norm
from tests.space.literature.once_for_all import DEPTHS, EXPANSIONS, KERNELS, block, count

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["bounds", "cost", "count"]

UNITS = ((24, 2), (32, 2), (64, 2), (96, 1), (160, 2))


def fixed() -> Cost:
    """The stem and the head."""
    stem = conv(3, 16, 3, 112) + norm(16)
    return stem + conv(160, 320, 1, 7) + norm(320) + linear(320, 1000)


def bounds() -> Span:
    """The extremes: a block costs what it costs whatever the others are."""
    found, inside, size = just(fixed()), 16, 112
    for width, stride in UNITS:
        blocks = []
        for index in range(max(DEPTHS)):
            step = 1 if index else stride
            options = [
                block(inside, width, e, k, size, step) for e, k in product(EXPANSIONS, KERNELS)
            ]
            blocks.append(either(*map(just, options)))
            inside, size = width, size // step
        found = found.then(either(*(in_row(*blocks[:depth]) for depth in DEPTHS)))
    return found


def cost(design: Mapping[str, Any]) -> Cost:
    """A design of specs/spaces/mobilenet_v2_like.arch."""
    found, inside, size = fixed(), 16, 112
    for unit, (width, stride) in enumerate(UNITS, start=1):
        path = f"unit{unit}.unit"
        for index in range(1, design[f"{path}.depth"] + 1):
            here = f"{path}.each.{index}.inverted_residual"
            step = stride if index == 1 else 1
            chosen = design[f"{here}.expand"], design[f"{here}.kernel"]
            found += block(inside, width, *chosen, size, step)
            inside, size = width, size // step
    return found
