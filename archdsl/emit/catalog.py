"""All emitters, found by listing ``archdsl/emit/formats/<word>.py``; imported when asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from archdsl.catalog import files

if TYPE_CHECKING:
    from archdsl.emit.base import Emitter

PACKAGE = "archdsl.emit.formats"
USUAL = "pytorch"


def words() -> tuple[str, ...]:
    """The names of all formats that a graph is written in."""
    return tuple(files(PACKAGE))


def find(word: str) -> Emitter:
    """The emitter of a format. Raises ValueError where there is none."""
    if word not in files(PACKAGE):
        raise ValueError(f"no format {word!r}; there are {', '.join(words())}")
    name = "".join(part.capitalize() for part in word.split("_"))
    made: Emitter = getattr(import_module(f"{PACKAGE}.{word}"), name)()
    return made
