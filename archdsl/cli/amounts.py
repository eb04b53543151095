"""Counts, sizes, limits and times as people type them: ``50k``, ``3x32x32``, ``20 ms``, ``2h``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import click

from archdsl.rendering.escape import visible
from archdsl.spec.constants import UNITS
from archdsl.starting.description import sizes_of

LARGEST = 10**9  # of a size, or of the answers
MOST = 10**15  # samples, parameters, bytes
SHORTEST, LONGEST = 1e-9, 1e6  # seconds
BETWEEN = re.compile("\\s*[xX\u00d7,*]\\s*")  # the sign of multiplication too: people paste it
AMOUNT = re.compile(r"([0-9][0-9_]*(?:\.[0-9]+)?)\s*([A-Za-z]*)")
LONG_NUMBER = 30  # signs of one
DURATIONS = {"": 1, "s": 1, "min": 60, "h": 3600, "d": 86400}  # seconds
EXAMPLES = {"seconds": "20ms", "bytes": "8GiB", None: "100k"}
LIMITS = {None: "params", "seconds": "latency", "bytes": "memory"}


class Count(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A whole number above 0: ``50_000``, ``50k``, ``1.28M``."""

    name = "count"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return count(str(value), most=MOST)


class Duration(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """Seconds, from ``90``, ``90s``, ``10min``, ``2h`` or ``1d``."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        match = AMOUNT.fullmatch(str(value).strip())
        if match is None or match[2] not in DURATIONS or len(match[1]) > LONG_NUMBER:
            self.fail(f"{visible(str(value))!r} is no time; write 90s, 10min or 2h", param, ctx)
        seconds = float(match[1].replace("_", "")) * DURATIONS[match[2]]
        if not 0 < seconds <= MOST:
            self.fail(f"{visible(str(value))} is no time that can be kept to", param, ctx)
        return seconds


class Bytes(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A size of memory: ``512MB``, ``4GiB``."""

    name = "bytes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = _amount(str(value))
        if found is None or found[1] != "bytes" or not 1 <= found[0] <= MOST:
            self.fail(f"{visible(str(value))!r} is no size; write 512MB or 4GiB", param, ctx)
        return round(found[0])


def size(kind: str, text: str) -> tuple[int, ...]:
    """``3x32x32`` for a kind of data."""
    parts = BETWEEN.split(text.strip())
    if len(parts) != len(sizes_of(kind)):
        raise click.UsageError(f"the size of {a(kind)} is {letters(kind)}, not {visible(text)!r}")
    return tuple(count(part) for part in parts)


def a(kind: str) -> str:
    return f"an {kind}" if kind == "image" else kind if kind == "tokens" else f"a {kind}"


def letters(kind: str) -> str:
    """``CHANNELSxHEIGHTxWIDTH``"""
    return "x".join(name.upper() for name in sizes_of(kind))


def count(text: str, least: int = 1, most: int = LARGEST) -> int:
    """A whole number: ``50_000``, ``50k``, ``1.28M``."""
    found = _amount(text)
    whole = found is not None and found[1] is None and found[0] == int(found[0])
    if found is None or not whole or found[0] < least:
        raise click.UsageError(f"{visible(text)!r} is not a whole number of at least {least}")
    if found[0] > most:
        raise click.UsageError(f"{visible(text)!r} is too many: at most {most:,}")
    return int(found[0])


def limit(flag: str, text: str, dimension: str | None) -> Any:
    """``20ms`` as a spec would read it. Raises for another dimension."""
    found = _amount(text)
    if found is None or found[1] != dimension:
        raise click.UsageError(
            f"{flag} takes something like {EXAMPLES[dimension]}, not {visible(text)!r}"
        )
    return _bounded(flag, *found)


def limits(text: str) -> dict[str, Any]:
    """``5M 20ms 8GiB``: parameters, latency and memory, as their units say; or ``none``."""
    if text.strip().lower() in ("", "none"):
        return {}
    found: dict[str, Any] = {}
    for part in re.split(r"[\s,]+(?=[0-9])", text.strip()):
        amount = _amount(part)
        if amount is None or amount[1] not in LIMITS:
            raise click.UsageError(f"limits are like 5M 20ms 8GiB, not {visible(part)!r}")
        name = LIMITS[amount[1]]
        if name in found:
            raise click.UsageError(f"two limits of {name}")
        found[name] = _bounded(name, *amount)
    return found


def _bounded(flag: str, value: float, dimension: str | None) -> Any:
    if value <= 0:
        raise click.UsageError(f"{flag} is above 0")
    if dimension == "seconds":
        if not SHORTEST <= value <= LONGEST:
            raise click.UsageError(f"{flag} is between 1 ns and {LONGEST:,.0f} s")
        return value
    if not 1 <= value <= MOST:
        raise click.UsageError(f"{flag} is between 1 and {MOST:,}")
    return round(value)


def _amount(text: str) -> tuple[float, str | None] | None:
    """A number and what it measures; None for what is no number, or has an unknown unit."""
    match = AMOUNT.fullmatch(text.strip())
    if match is None or len(match[1]) > LONG_NUMBER or (match[2] and match[2] not in UNITS):
        return None
    number = Decimal(match[1].replace("_", ""))
    unit = UNITS.get(match[2])
    return (float(number * unit.scale), unit.dimension) if unit else (float(number), None)
