"""From names of a spec to Python identifiers.

The rule: characters other than ASCII letters, digits and ``_`` become ``_``; leading underscores
go; a name that starts with a digit gets ``n`` in front; one that is taken gets a ``_`` behind if
the language or torch took it, a number if another name of the spec did.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def plain(name: str) -> str:
    """A name as a valid identifier without leading underscores."""
    cleaned = re.sub(r"[^A-Za-z0-9_]", "_", name).lstrip("_")
    if not cleaned:
        return "unnamed"
    return f"n{cleaned}" if cleaned[0].isdigit() else cleaned


def camel(name: str) -> str:
    """``inverted_residual`` is ``InvertedResidual``; capitals of the spec stay."""
    words = [word for word in plain(name).split("_") if word]
    return "".join(word[0].upper() + word[1:] for word in words) or "Unnamed"


def snake(name: str) -> str:
    """``SqueezeExcite`` is ``squeeze_excite``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain(name)).lower()


class Names:
    """Identifiers of one namespace, each given out once."""

    def __init__(self, reserved: Iterable[str]) -> None:
        self._reserved = frozenset(reserved)
        self._taken: set[str] = set()

    def claim(self, name: str) -> str:
        """An identifier for a name, unlike all those given out before."""
        wanted = plain(name)
        while wanted in self._reserved:
            wanted += "_"
        given, number = wanted, 1
        while given in self._taken or given in self._reserved:
            number += 1
            given = f"{wanted}_{number}" if wanted[-1].isdigit() else f"{wanted}{number}"
        self._taken.add(given)
        return given

    def has(self, name: str) -> bool:
        return name in self._taken
