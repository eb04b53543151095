"""Values as Python source: numbers, words and tuples of them, never anything else."""

from __future__ import annotations

import json
import math
from typing import Any, Iterable


def literal(value: Any) -> str:
    """A value as the formatter would write it."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value) if math.isfinite(value) else f'float("{value}")'
    if isinstance(value, str):
        return json.dumps(str(value))
    if isinstance(value, tuple):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    raise TypeError(f"no literal for {type(value).__name__}")


def annotation(values: Iterable[Any]) -> str:
    """The type of a parameter that gets these values."""
    return " | ".join(sorted({_type(value) for value in values}, key=lambda t: (t == "None", t)))


def _type(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, tuple):
        return f"tuple[{', '.join(_type(item) for item in value)}]"
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind.__name__
    raise TypeError(f"no literal for {type(value).__name__}")


def same(a: Any, b: Any) -> bool:
    """Equal and of one type: ``True`` is not 1."""
    return type(a) is type(b) and bool(a == b)


def docstring(text: str) -> str:
    """Text that is safe between triple double quotes."""
    escaped = "".join(_escaped(character) for character in text)
    escaped = escaped.replace('"""', '\\"\\"\\"')
    return escaped[:-1] + '\\"' if escaped.endswith('"') else escaped


def _escaped(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character == "\n" or " " <= character <= "~":
        return character
    return character.encode("unicode_escape").decode("ascii")
