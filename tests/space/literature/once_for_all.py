"""Once-for-All's MobileNetV3 (Cai et al. 2020) of width 1.0 at 224 × 224."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from tests.space.literature.costs import (
    FREE,
    Cost,
    Span,
    conv,
    either,
    in_row,
    just,
    linear,
    norm,
    total,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPANSIONS, KERNELS, DEPTHS = (3, 4, 6), (3, 5, 7), (2, 3, 4)
# Width, stride and whether gated, of each unit; it begins at 16 channels of 112 × 112.
UNITS = ((24, 2, False), (40, 2, True), (80, 2, False), (112, 1, True), (160, 2, True))


def count() -> int:
    """Five units of 2 to 4 blocks, each block with an expansion and a kernel."""
    block = len(EXPANSIONS) * len(KERNELS)
    return sum(block**depth for depth in DEPTHS) ** len(UNITS)


def divisible(value: float, divisor: int = 8) -> int:
    """MobileNet's rounding: to the nearest multiple that is not below nine tenths."""
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded


def block(
    inside: int,
    width: int,
    expand: int,
    kernel: int,
    size: int,
    stride: int,
    gated: bool = False,
) -> Cost:
    """An inverted residual block that takes maps of ``size`` × ``size``."""
    hidden, after = expand * inside, size // stride
    found = conv(inside, hidden, 1, size) + norm(hidden) if expand > 1 else FREE
    found += conv(hidden, hidden, kernel, after, groups=hidden) + norm(hidden)
    if gated:
        waist = divisible(hidden // 4)
        found += conv(hidden, waist, 1, 1, bias=True) + conv(waist, hidden, 1, 1, bias=True)
    return found + conv(hidden, width, 1, after) + norm(width)


def fixed() -> Cost:
    """What all designs have: the stem, its first block, and the head."""
    stem = conv(3, 16, 3, 112) + norm(16)
    head = conv(160, 960, 1, 7) + norm(960)
    classifier = linear(960, 1280, bias=False) + linear(1280, 1000)
    return total(stem, block(16, 16, 1, 3, 112, 1, False), head, classifier)


def bounds() -> Span:
    """The extremes: a block costs what it costs whatever the others are."""
    found, inside, size = just(fixed()), 16, 112
    for width, stride, gated in UNITS:
        blocks = []
        for index in range(max(DEPTHS)):
            options = product(EXPANSIONS, KERNELS)
            step = 1 if index else stride
            blocks.append(
                either(*(just(block(inside, width, e, k, size, step, gated)) for e, k in options))
            )
            inside, size = width, size // step
        found = found.then(either(*(in_row(*blocks[:depth]) for depth in DEPTHS)))
    return found


def cost(design: Mapping[str, Any]) -> Cost:
    """A design of specs/spaces/ofa_mobilenet_v3.arch."""
    found, inside, size = fixed(), 16, 112
    for unit, (width, stride, gated) in enumerate(UNITS, start=1):
        path = f"unit{unit}.unit"
        for index in range(1, design[f"{path}.depth"] + 1):
            here = f"{path}.each.{index}.bneck"
            step = stride if index == 1 else 1
            chosen = design[f"{here}.expand"], design[f"{here}.kernel"]
            found += block(inside, width, *chosen, size, step, gated)
            inside, size = width, size // step
    return found
