"""Diagnostics as text: one format is one file in ``archdsl/rendering/formats``, found by listing.

A format's module has ``render(diagnostics, paint, columns) -> str``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from archdsl.catalog import files
from archdsl.rendering.paint import Paint, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.diagnostics import Diagnostic


def known_formats() -> tuple[str, ...]:
    """The names ``--format`` takes."""
    return tuple(files("archdsl.rendering.formats"))


def render(
    diagnostics: Sequence[Diagnostic],
    format: str = "full",
    paint: Paint = plain,
    columns: int | None = None,
) -> str:
    """The diagnostics in a format, each line ended by a newline; nothing for none of them.

    What is for people fits into ``columns``; without them, prose stays on its line. Nothing that a
    spec contains can move the cursor, colour or reorder the text.
    """
    if format not in known_formats():
        raise ValueError(f"no format {format!r}; there are {', '.join(known_formats())}")
    module = import_module(f"archdsl.rendering.formats.{format}")
    text: str = module.render(diagnostics, paint, columns)
    return text
