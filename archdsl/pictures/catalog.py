"""All formats of pictures, found by listing ``archdsl/pictures/formats/<word>.py``; imported when
asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from archdsl.catalog import files

if TYPE_CHECKING:
    from archdsl.pictures.base import Format

PACKAGE = "archdsl.pictures.formats"
USUAL = "svg"


def words() -> tuple[str, ...]:
    """The names of all formats that a picture is written in."""
    return tuple(files(PACKAGE))


def find(word: str) -> Format:
    """The format of a name. Raises ValueError where there is none."""
    if word not in files(PACKAGE):
        raise ValueError(f"no picture as {word!r}; there are {', '.join(words())}")
    made: Format = getattr(import_module(f"{PACKAGE}.{word}"), word.capitalize())()
    return made
