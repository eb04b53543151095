"""Values as Python source: numbers, words and tuples of them, never anything else."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from archdsl.evaluate.frames import Values

if TYPE_CHECKING:
    from collections.abc import Iterable


def literal(value: Any) -> str:
    """A value as the formatter would write it."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return f'float("{value}")'
        return re.sub(r"e([+-])0(?=\d)", r"e\1", float.__repr__(value))
    if isinstance(value, str):
        return json.dumps(str(value))
    if isinstance(value, tuple):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    raise TypeError(f"no literal for {type(value).__name__}")


def annotation(values: Iterable[Any]) -> str:
    """The type of a parameter that gets these values."""
    kinds = {_type(value) for value in values}
    if "float" in kinds:
        kinds.discard("int")
    return " | ".join(sorted(kinds, key=lambda kind: (kind == "None", kind)))


def _type(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, Values):
        kinds = " | ".join(sorted({_type(item) for item in value}))
        return f"tuple[{kinds}, ...]" if kinds else "tuple[()]"
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
    return re.sub(r'(?<=")"|"(?=")|^"|"$', r'\\"', escaped)


_PLAIN = {"×": "x", "–": "-", "—": "-", "→": "->", "’": "'", "“": '"', "”": '"', "…": "..."}


def _escaped(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    if character == "\\":
        return "\\\\"
    if character == "\n" or " " <= character <= "~":
        return character
    return character.encode("unicode_escape").decode("ascii")
