"""Functions of values that Python does not have: each goes into a file that calls it."""

from __future__ import annotations

import re

from archdsl.ops.base import Definition

DEFINITIONS = (
    Definition(
        "make_divisible",
        '''\
def make_divisible(value: float, divisor: int = 8) -> int:
    """The nearest multiple of the divisor, never below 90 % of the value."""
    nearest = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return nearest + divisor if nearest < 0.9 * value else nearest
''',
    ),
)
NAMES = frozenset(one.name for one in DEFINITIONS)


def called_in(source: str) -> list[Definition]:
    """Those that some source calls."""
    return [one for one in DEFINITIONS if re.search(rf"\b{one.name}\(", source)]
