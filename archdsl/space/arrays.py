"""NumPy, which only drawing designs in batches needs."""

from __future__ import annotations

from typing import Any


def numpy() -> Any:
    """The module. Raises :class:`ModuleNotFoundError` with the way to install it."""
    try:
        import numpy as np
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "drawing designs in batches needs NumPy, which is not installed: "
            "pip install 'archdsl[search]'",
            name="numpy",
        ) from None
    return np
