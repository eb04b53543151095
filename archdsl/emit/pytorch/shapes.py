"""Shapes in comments and docstrings, in ASCII."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.types import Auxiliary, Outputs, describe, shape

if TYPE_CHECKING:
    from archdsl.types import TensorType


def sizes(tensor: TensorType) -> str:
    """``64x56x56``"""
    if isinstance(tensor, Outputs):
        return ", ".join(sizes(part) for part in tensor.parts)
    if isinstance(tensor, Auxiliary):
        return sizes(tensor.part)
    return "x".join(map(str, shape(tensor)))


def note(tensor: TensorType, channels_last: bool = False) -> str:
    """The comment behind a line that gives a tensor."""
    if channels_last:
        first, *others = shape(tensor)
        return f"# {'x'.join(map(str, (*others, first)))}"
    return f"# {sizes(tensor)}"


def described(tensor: TensorType) -> str:
    """``3x224x224 image``"""
    return describe(tensor).replace("×", "x")
