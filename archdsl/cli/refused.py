"""What a command cannot do as it was called: no file there, no right to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archdsl.cli import exits
from archdsl.rendering.escape import visible

if TYPE_CHECKING:
    from archdsl.diagnostics import Diagnostic

UNREADABLE = "E707"
MISUSED = "E901"
DOCUMENTS = ("json", "sarif")  # formats of findings that are one document, not lines


class Refused(click.ClickException):
    """Told in one line; leaves with the code of wrong usage."""

    exit_code = exits.USAGE

    def __init__(self, message: str, code: str = MISUSED) -> None:
        super().__init__(message)
        self.code = code


def refused(verb: str, path: object, error: OSError) -> Refused:
    """``cannot read a.arch: no such file or directory``"""
    reason = (error.strerror or type(error).__name__).lower()
    return Refused(f"cannot {verb} {visible(str(path))}: {reason}", UNREADABLE)


def finding_of(stop: click.ClickException) -> Diagnostic:
    """Why a command stopped, as programs read it among findings."""
    from archdsl.diagnostics import Diagnostic

    code = stop.code if isinstance(stop, Refused) else MISUSED
    return Diagnostic(code, stop.format_message())
