"""The grammar for other tools, one of :mod:`archdsl.syntax.exports` each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, cast

from archdsl.catalog import files

if TYPE_CHECKING:
    from archdsl.syntax.names import Names

PACKAGE = "archdsl.syntax.exports"


class Export:
    """Base of all: what one tool reads. ``closable`` where names can be held to those there are."""

    closable: ClassVar[bool] = True

    def text(self, names: Names | None = None) -> str:
        """The grammar; with ``names`` of these alone, but for what a spec names itself."""
        raise NotImplementedError


def engines() -> tuple[str, ...]:
    """The tools there is a grammar for."""
    return tuple(files(PACKAGE))


def export_for(engine: str) -> Export:
    """What writes the grammar for a tool. Raises ValueError for one that is not known."""
    if engine not in engines():
        raise ValueError(f"no grammar for {engine!r}; known: {', '.join(engines())}")
    module = import_module(f"{PACKAGE}.{engine}")
    return cast("Export", getattr(module, engine.capitalize())())


def grammar_for(engine: str, names: Names | None = None) -> str:
    """The grammar as a parser or a constrained decoder reads it; with ``names`` of these alone."""
    return export_for(engine).text(names)
