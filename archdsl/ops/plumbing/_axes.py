"""The axes ops work along: an argument for each, and a sequence turned as PyTorch wants it."""

from __future__ import annotations

from archdsl.ops.base import OpError
from archdsl.types import Sequence, TensorType

Extent = int | tuple[int, ...]

SWAPPED = "{m}({x}.transpose(1, 2)).transpose(1, 2)"


def spread(argument: str, value: Extent, axes: int) -> tuple[int, ...]:
    """One number for each axis."""
    if isinstance(value, int):
        return (value,) * axes
    if len(value) != axes:
        raise OpError(
            f"{argument}={as_written(value)} has {len(value)} sizes where {_axes(axes)}",
            needed=f"a whole number, or a size with {axes} of them",
            argument=argument,
        )
    return value


def _axes(axes: int) -> str:
    return "there is 1 axis" if axes == 1 else f"there are {axes} axes"


def short(value: tuple[int, ...]) -> int | tuple[int, ...]:
    """Equal sizes as the one int that PyTorch takes for them."""
    return value[0] if len(set(value)) == 1 else value


def as_written(value: Extent) -> str:
    """An extent in the language: ``3``, or ``size(3, 5)``."""
    return str(value) if isinstance(value, int) else f"size({', '.join(map(str, value))})"


def around(tensor: TensorType, expression: str) -> str:
    """A functional spelling, with the axes of a sequence swapped around it."""
    if not isinstance(tensor, Sequence):
        return expression
    return expression.replace("{x}", "{x}.transpose(1, 2)") + ".transpose(1, 2)"
