"""Colours, where they are wanted."""

from __future__ import annotations

from typing import NamedTuple

from archdsl.diagnostics import Severity

_STYLES: dict[str, dict[str, str | bool]] = {
    Severity.ERROR.value: {"fg": "red", "bold": True},
    Severity.WARNING.value: {"fg": "yellow", "bold": True},
    Severity.NOTE.value: {"fg": "cyan", "bold": True},
    "strong": {"bold": True},
    "gutter": {"fg": "blue", "bold": True},
    "added": {"fg": "green"},
    "removed": {"fg": "red"},
}


class Paint(NamedTuple):
    """Styles texts by role, or leaves them as they are."""

    on: bool

    def __call__(self, role: str, text: str) -> str:
        if not self.on or not text:
            return text
        import click

        return click.style(text, **_STYLES[role])  # type: ignore[arg-type]


PLAIN = Paint(on=False)
