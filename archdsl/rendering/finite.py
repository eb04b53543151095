"""Numbers that JSON has no words for."""

from __future__ import annotations

import math
from typing import Any


def finite(value: Any) -> Any:
    """A document for JSON, which has no words for what is not finite: there it says null."""
    if isinstance(value, dict):
        return {name: finite(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
