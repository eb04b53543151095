"""Norms that would see one value: nothing of it is left."""

from __future__ import annotations

from archdsl.ops.base import OpError
from archdsl.types import TensorType, said


def gives_zeros(over: str, x: TensorType, needed: str) -> OpError:
    """A value less its own mean is 0, whatever it was."""
    return OpError(f"over {over}, {said(x)} gives zeros", needed=needed)


def gives_signs(over: str, x: TensorType, needed: str) -> OpError:
    """A value divided by its own size is 1 or -1."""
    return OpError(f"over {over}, {said(x)} gives its signs alone", needed=needed)
