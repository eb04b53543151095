"""Windows that slide over an image, a volume or a sequence."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from archdsl.ops.base import OpError
from archdsl.ops.plumbing._axes import Extent, spread
from archdsl.traced import keeping, positions

if TYPE_CHECKING:
    from archdsl.types import Padded

SAME = "same"
Padding = Extent | str | None


class Window(NamedTuple):
    """A window, with a number for each axis. ``behind`` is what is put around at the end where
    that is another number than ``padding`` at the start."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    behind: tuple[int, ...] = ()

    def reach(self) -> tuple[int, ...]:
        """How far the window reaches on each axis, dilation included."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    def sides(self) -> tuple[int, ...]:
        """What is put around on each side, as F.pad wants it: the last axis first."""
        pairs = zip(self.padding[::-1], self.behind[::-1], strict=True)
        return tuple(side for pair in pairs for side in pair)


@lru_cache(maxsize=65536)
def window(
    sizes: tuple[int, ...], kernel: Extent, stride: Extent, padding: Padding, dilation: Extent = 1
) -> Window:
    """Arguments spread over the axes of a map of ``sizes``; ``padding=None`` keeps size / stride
    positions where the kernel is odd, ``same`` always, rounded up: as TensorFlow does, with the
    odd one of what is put around behind."""
    axes = len(sizes)
    kernels = spread("kernel", kernel, axes)
    strides = spread("stride", stride, axes)
    dilations = spread("dilation", dilation, axes)
    reach = [d * (k - 1) + 1 for k, d in zip(kernels, dilations, strict=True)]
    if isinstance(padding, str):
        each = zip(sizes, reach, strides, strict=True)
        totals = [max((-(-n // s) - 1) * s + r - n, 0) for n, r, s in each]
        before = tuple(total // 2 for total in totals)
        behind = tuple(total - total // 2 for total in totals)
        uneven = before != behind
        return Window(kernels, strides, before, dilations, behind if uneven else ())
    if padding is not None:
        return Window(kernels, strides, spread("padding", padding, axes), dilations)
    paddings = tuple(keeping(r, s) for r, s in zip(reach, strides, strict=True))
    return Window(kernels, strides, paddings, dilations)


@lru_cache(maxsize=65536)
def slide(sizes: tuple[int, ...], window: Window, ceil: bool = False) -> tuple[int, ...]:
    """How many positions a window takes on each axis, by PyTorch's rule."""
    if window.behind:
        return tuple(-(-n // s) for n, s in zip(sizes, window.stride, strict=True))
    each = zip(sizes, window.reach(), window.stride, window.padding, strict=True)
    positions = tuple(_positions(n, r, s, p, ceil) for n, r, s, p in each)
    if min(positions) < 1:
        raise _too_large(sizes, window)
    return positions


def slid(rows: Padded, window: Window, padding: Padding) -> Padded:
    """Rows of different lengths that a window slides over: it takes of each as many positions as
    it would of that row alone. Raises for a padding that follows from the length."""
    (reach,), (stride,), (before,) = window.reach(), window.stride, window.padding
    if padding == SAME and stride > 1:
        raise OpError(
            "padding=same puts around what the length asks for, and rows are of different lengths",
            code="E302",
            needed="a number, or stride 1",
            argument="padding",
            replacement=str(keeping(reach, stride)),
        )
    behind = (*window.behind, before)[0]
    return rows.then(before + behind - reach + stride, stride)


def padded(sizes: tuple[int, ...], window: Window) -> tuple[int, ...]:
    """The sizes with what is put around, where that is done in a step of its own."""
    each = zip(sizes, window.padding, window.behind, strict=True)
    return tuple(before + n + behind for n, before, behind in each)


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
