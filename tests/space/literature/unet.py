"""U-Nets of 2 to 4 levels below the first, at 224 × 224, two classes a pixel."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from tests.space.literature.costs import Cost, Span, conv, either, in_row, just, norm

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE, CHANNELS, CLASSES = 224, 3, 2
DEPTHS, WIDTHS, KERNELS, WAYS_UP = (2, 3, 4), (16, 32, 64), (3, 5), 3


def count() -> int:
    """Two kernels for each level but the lowest, which has one, and a way up to each."""
    return len(WIDTHS) * sum(len(KERNELS) ** (2 * d + 1) * WAYS_UP**d for d in DEPTHS)


def two_convs(inside: int, width: int, kernel: int, size: int) -> Cost:
    """Two convolutions of one kernel, each with a norm."""
    first = conv(inside, width, kernel, size)
    return first + conv(width, width, kernel, size) + norm(width).times(2)


def up(transposed: bool, width: int, size: int) -> Cost:
    """From twice as many channels, to maps of ``size`` × ``size``, with a bias.

    A transposed convolution of kernel and stride 2 makes each pixel by one product of channels.
    """
    point = conv(2 * width, width, 1, size, bias=True)
    return Cost(8 * width * width + width, point.macs) if transposed else point


def span(depth: int, width: int, inside: int, size: int) -> Span:
    """The extremes of a level and those below it."""
    here = either(*(just(two_convs(inside, width, k, size)) for k in KERNELS))
    if depth == 0:
        return here
    below = span(depth - 1, 2 * width, width, size // 2)
    lift = either(*(just(up(t, width, size)) for t in (True, False)))
    after = either(*(just(two_convs(2 * width, width, k, size)) for k in KERNELS))
    return in_row(here, below, lift, after)


def head(width: int) -> Cost:
    """A score for each class and pixel."""
    return conv(width, CLASSES, 1, SIZE, bias=True)


def bounds() -> Span:
    """The extremes over depths and widths."""
    return either(
        *(
            span(depth, width, CHANNELS, SIZE).then(just(head(width)))
            for depth, width in product(DEPTHS, WIDTHS)
        )
    )


def cost(design: Mapping[str, Any]) -> Cost:
    """A design of specs/spaces/unet.arch."""
    depth, width = design["depth"], design["width"]
    return _level(design, "level", depth, width, CHANNELS, SIZE) + head(width)


def _level(
    design: Mapping[str, Any], path: str, depth: int, width: int, inside: int, size: int
) -> Cost:
    kernel = "two_convs.conv_bn_act.kernel"
    found = two_convs(inside, width, design[f"{path}.here.{kernel}"], size)
    if depth == 0:
        return found
    found += _level(design, f"{path}.level", depth - 1, 2 * width, width, size // 2)
    found += up(design[f"{path}.up"] == "conv_transpose", width, size)
    return found + two_convs(2 * width, width, design[f"{path}.{kernel}"], size)
