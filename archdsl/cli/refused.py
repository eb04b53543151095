"""What a command cannot do as it was called: no file there, no right to write."""

from __future__ import annotations

import click

from archdsl.cli import exits
from archdsl.rendering.escape import visible


class Refused(click.ClickException):
    """Told in one line; leaves with the code of wrong usage."""

    exit_code = exits.USAGE


def refused(verb: str, path: object, error: OSError) -> Refused:
    """``cannot read a.arch: no such file or directory``"""
    reason = (error.strerror or type(error).__name__).lower()
    return Refused(f"cannot {verb} {visible(str(path))}: {reason}")
