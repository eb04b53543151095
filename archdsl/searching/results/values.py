"""Values, choices and names of a search as people read them."""

from __future__ import annotations

import re
from math import floor, log10
from typing import TYPE_CHECKING, Any

from archdsl.cost.catalog import find
from archdsl.evaluate.points import as_text
from archdsl.limits.telling import shown
from archdsl.rendering.escape import visible, width
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

METRIC = re.compile(r"\s*(\w+)\s*(?:\([^()]*\))?\s*")
SPARKS = "▁▂▃▄▅▆▇█"
DIGITS = 4  # significant ones


def value(text: str, number: float) -> str:
    """A value of an objective with its unit."""
    dimension = dimension_of(text)
    return shown(Quantity(number, dimension), DIGITS) if dimension else plain(number)


def dimension_of(text: str) -> str:
    """``bytes`` or ``seconds`` for a metric that is measured in them, else nothing."""
    match = METRIC.fullmatch(text)
    found = getattr(find(match[1]), "dimension", None) if match else None
    return found if found in ("bytes", "seconds") else ""


def plain(number: float) -> str:
    """A number with four digits, whole ones with all of theirs."""
    if number == int(number) and abs(number) < 10**15:
        return shown(int(number))
    return shown(float(number), DIGITS)


def column(numbers: Sequence[float | None]) -> tuple[str, ...]:
    """Numbers below each other: all with as many decimals, of which the largest has four digits;
    a dash for none."""
    there = [number for number in numbers if number is not None]
    if all(number == int(number) for number in there):
        return tuple("–" if number is None else plain(number) for number in numbers)
    before = floor(log10(max(map(abs, there)))) + 1 if any(there) else 1
    places = min(max(DIGITS - max(before, 0), 0), 6)
    return tuple("–" if number is None else f"{number:,.{places}f}" for number in numbers)


def percent(share: float) -> str:
    """A share of 1 in whole percent; less than one as such."""
    return "<1%" if 0 < share < 0.005 else f"{100 * share:.0f}%"


def spark(numbers: Iterable[float], most: int = 24) -> str:
    """A curve in one line."""
    points = list(numbers)
    if len(points) > most:
        points = [points[round(i * (len(points) - 1) / (most - 1))] for i in range(most)]
    low, high = min(points), max(points)
    scale = (len(SPARKS) - 1) / (high - low) if high > low else 0
    return "".join(SPARKS[round((point - low) * scale)] for point in points)


def short_names(paths: Iterable[str]) -> dict[str, str]:
    """Choices by names as short as keep them apart: without the parts that all of them begin with,
    and those that all end with."""
    parts = {path: path.split(".") for path in paths}
    rows = list(parts.values())
    if len(rows) < 2:
        return {path: visible(path) for path in parts}
    first, last = _alike(rows), _alike([row[::-1] for row in rows])
    shortest = min(map(len, rows))
    first = min(first, shortest - 1)
    last = min(last, shortest - 1 - first)
    return {path: visible(".".join(row[first : len(row) - last])) for path, row in parts.items()}


def _alike(rows: list[list[str]]) -> int:
    """How many parts all rows begin with."""
    count = 0
    for column in zip(*rows, strict=False):
        if len(set(column)) > 1:
            break
        count += 1
    return count


def design(chosen: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A design on one line: ``node1=identity, node2=zero``."""
    return ", ".join(f"{names[path]}={option(made)}" for path, made in chosen.items())


def option(made: Any) -> str:
    """What was chosen."""
    return visible(plain(made) if isinstance(made, float) else as_text(made))


def cut(text: str, columns: int) -> str:
    """A text that fits, with a mark where something is missing."""
    if width(text) <= columns:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > columns - 1:
            break
        kept += character
    return f"{kept}…"
