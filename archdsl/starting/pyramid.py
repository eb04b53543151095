"""How a convolutional network comes down from its input to a small map."""

from __future__ import annotations

from typing import NamedTuple

SMALLEST = 8  # positions along the longest side that the last stage works on
STAGES = 4  # halvings after the stem, at most
HUGE = 2048  # side above which nothing but pooling helps
POOL = 2  # by which a stem pools pictures that are not
STRIP = 32  # side up to which a picture has no more to lose than two halvings
PATCH = 4  # the widest stride of a first convolution over pictures
MOST = 11  # the side of a kernel
GROWTH = 8  # times as wide as the first stage, at most


class Pyramid(NamedTuple):
    """``stride`` and ``pool`` shorten the sides in the stem; then ``halvings`` stages halve."""

    stride: int
    pool: int
    halvings: int

    def widths(self, width: int, growth: int = GROWTH) -> list[int]:
        """Channels of each stage: doubled when the sides are halved, as the map then has room."""
        return [min(width * 2**stage, width * growth) for stage in range(self.halvings + 1)]


def pyramid(spatial: tuple[int, ...], room: int) -> Pyramid:
    """Comes down to ``room`` positions along the longest side in the stem, and on in stages."""
    side = max(spatial)
    stride = _stride(spatial, room)
    pool = 1
    most = POOL if len(spatial) > 1 and side <= HUGE else side
    if len(spatial) > 1:
        most = min(most, max(min(spatial) // stride, 1))
    while side > room * stride * pool and pool < most:
        pool *= 2
    rest = -(-side // (stride * pool))
    halvings = 0
    while rest > SMALLEST and halvings < STAGES:
        rest = -(-rest // 2)
        halvings += 1
    return Pyramid(stride, pool, max(halvings, 1 if side >= SMALLEST // 2 else 0))


def _stride(spatial: tuple[int, ...], room: int) -> int:
    """Of the first convolution: small inputs keep their sides; long sequences need a wide one."""
    side = max(spatial)
    widest = side if len(spatial) == 1 else PATCH if min(spatial) > STRIP else 2
    if side <= 32:
        return 1
    stride = 2
    while side > 2 * room * stride and stride < widest:
        stride *= 2
    return stride


def seeing(steps: Pyramid, side: int) -> int:
    """The smallest odd kernel with which one convolution a stage sees half of a side (P405)."""
    jump = steps.stride * steps.pool
    field = 3 + steps.pool * steps.stride * (steps.pool > 1)
    spread = jump * (2**steps.halvings - 1)
    kernel = 3
    while field + (kernel - 1) * spread < side / 2 and kernel < MOST:
        kernel += 2
    return kernel
