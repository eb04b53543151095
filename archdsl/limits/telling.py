"""Measured values as people read them."""

from __future__ import annotations

from typing import Any

from archdsl.spec.constants import Quantity

DIGITS = (4, 6, 9, 12)  # significant ones, the first that tell two values apart


def apart(found: Any, limit: Any) -> tuple[str, str]:
    """Two values with their units, with as many digits as it takes to tell them apart."""
    for digits in DIGITS:
        told = shown(found, digits), shown(limit, digits)
        if told[0] != told[1]:
            break
    return told


def shown(value: Any, digits: int = DIGITS[0]) -> str:
    """A measured value with its unit."""
    if isinstance(value, Quantity):
        unit = _bytes if value.dimension == "bytes" else _seconds
        return unit(value.value, digits)
    if isinstance(value, float):
        large = abs(value) >= 1000
        return f"{value:,.{digits - DIGITS[0]}f}" if large else f"{value:.{digits}g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _bytes(count: float, digits: int) -> str:
    for unit in ("B", "KiB", "MiB", "GiB", "TiB", "PiB"):
        if count < 1024:
            return f"{count:,.{digits}g} {unit}"
        count /= 1024
    return f"{count:,.{digits}g} EiB"


def _seconds(time: float, digits: int) -> str:
    for scale, unit in ((1e6, "us"), (1e3, "ms")):
        if time * scale < 1000:
            return f"{time * scale:.{digits - 1}g} {unit}"
    return f"{time:.{digits - 1}g} s"
