"""Windows that slide over an image, a volume or a sequence."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from archdsl.ops.base import OpError
from archdsl.ops.plumbing._axes import Extent, spread
from archdsl.traced import keeping, positions


class Window(NamedTuple):
    """A window, with a number for each axis."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]

    def reach(self) -> tuple[int, ...]:
        """How far the window reaches on each axis, dilation included."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))


@lru_cache(maxsize=65536)
def window(
    axes: int, kernel: Extent, stride: Extent, padding: Extent | None, dilation: Extent = 1
) -> Window:
    """Arguments spread over the axes; ``padding=None`` keeps ``size / stride`` positions."""
    kernels = spread("kernel", kernel, axes)
    strides = spread("stride", stride, axes)
    dilations = spread("dilation", dilation, axes)
    if padding is not None:
        return Window(kernels, strides, spread("padding", padding, axes), dilations)
    reach = zip(kernels, strides, dilations, strict=True)
    paddings = tuple(keeping(d * (k - 1) + 1, s) for k, s, d in reach)
    return Window(kernels, strides, paddings, dilations)


@lru_cache(maxsize=65536)
def slide(sizes: tuple[int, ...], window: Window, ceil: bool = False) -> tuple[int, ...]:
    """How many positions a window takes on each axis, by PyTorch's rule."""
    each = zip(sizes, window.reach(), window.stride, window.padding, strict=True)
    positions = tuple(_positions(n, r, s, p, ceil) for n, r, s, p in each)
    if min(positions) < 1:
        raise _too_large(sizes, window)
    return positions


def _positions(size: int, reach: int, stride: int, padding: int, ceil: bool) -> int:
    if not ceil:
        return positions(size, reach, stride, padding)
    room = size + 2 * padding - reach
    count = -(-room // stride) + 1
    inside = (count - 1) * stride < size + padding  # the last window starts before the end
    return count if inside else count - 1


def _too_large(sizes: tuple[int, ...], window: Window) -> OpError:
    kernel, reach = _sizes(window.kernel), _sizes(window.reach())
    dilated = "" if kernel == reach else f" (reaching {reach})"
    place = "sequence of length" if len(sizes) == 1 else "map of"
    least = tuple(max(1, r - 2 * p) for r, p in zip(window.reach(), window.padding, strict=True))
    return OpError(
        f"kernel {kernel}{dilated} does not fit {_map(sizes)}",
        needed=f"a {place} at least {'×'.join(map(str, least))}",
        help="take a smaller kernel, more padding, or shrink the input less before",
        argument="kernel",
    )


def _map(sizes: tuple[int, ...]) -> str:
    if len(sizes) == 1:
        return f"a sequence of length {sizes[0]}"
    return f"a {'×'.join(map(str, sizes))} map"


def _sizes(value: tuple[int, ...]) -> str:
    return str(value[0]) if len(set(value)) == 1 else "×".join(map(str, value))
