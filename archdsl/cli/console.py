"""What a command says: findings in the format asked for, results, and where each goes."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import click

from archdsl.cli.refused import DOCUMENTS, finding_of
from archdsl.diagnostics import Severity
from archdsl.rendering import render
from archdsl.rendering.escape import shown
from archdsl.rendering.paint import ADDED, GUTTER, REMOVED, STRONG, Paint, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click import ClickException

    from archdsl.diagnostics import Diagnostic


class Console(NamedTuple):
    """``format`` of findings, and whether colours may be used at all. ``verbose`` tells notes
    beside results too; ``quiet`` nothing but errors."""

    format: str = "full"
    color: bool = True
    verbose: bool = False
    quiet: bool = False

    @property
    def is_json(self) -> bool:
        return self.format == "json"

    @property
    def is_document(self) -> bool:
        """Whether findings are one document, for programs."""
        return self.format in DOCUMENTS

    def report(
        self, diagnostics: Sequence[Diagnostic], refusals: Sequence[ClickException] = ()
    ) -> None:
        """Findings to stderr (a document to stdout), with a line that counts them; and why
        something could not be done at all."""
        if self.is_document:
            found = [*diagnostics, *map(finding_of, refusals)]
            click.echo(render(found, self.format), nl=False)
        elif diagnostics := self._told(diagnostics):
            text = render(diagnostics, self.format, self._paint(), columns_of(sys.stderr))
            click.echo(text + counted(diagnostics), err=True, color=self._colors())
        for refusal in refusals:
            refusal.show()

    def remark(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Warnings beside a result: always to stderr."""
        if diagnostics := self._told(diagnostics):
            shown = "concise" if self.is_document else self.format
            text = render(diagnostics, shown, self._paint(), columns_of(sys.stderr))
            click.echo(text, nl=False, err=True, color=self._colors())

    @property
    def columns(self) -> int | None:
        """The columns that results have on stdout; None where lines may be as long as they are."""
        return columns_of(sys.stdout)

    def result(self, text: str, value: Any) -> None:
        """A result to stdout: for people as text, or as JSON."""
        told = document(value) if self.is_json else text
        if told:
            click.echo(told.rstrip("\n"))

    def patch(self, diff: str) -> None:
        """A diff to stdout: exact for programs and files, harmless on a terminal."""
        from archdsl.cli.diffs import harmless

        self.spec(harmless(diff) if is_terminal(sys.stdout) else diff)

    def spec(self, text: str) -> None:
        """A spec's text to stdout, to the character (click would take escapes out)."""
        click.echo(text, nl=False, color=True)

    def progress(self, text: str) -> None:
        """What has been done, to stderr."""
        if not self.quiet:
            click.echo(text, err=True)

    def brief(self, diagnostics: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
        """What is told beside a result that was asked for itself: notes only with ``-v``, and
        all in a document."""
        if self.verbose or self.is_document:
            return diagnostics
        return [found for found in diagnostics if found.severity is not Severity.NOTE]

    def _told(self, diagnostics: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
        if not self.quiet:
            return diagnostics
        return [found for found in diagnostics if found.severity is Severity.ERROR]

    def _colors(self) -> bool:
        if not self.color or os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or is_terminal(sys.stderr)

    def _paint(self) -> Paint:
        return _colored if self._colors() else plain


_STYLES: dict[str, dict[str, Any]] = {
    Severity.ERROR.value: {"fg": "red", "bold": True},
    Severity.WARNING.value: {"fg": "yellow", "bold": True},
    Severity.NOTE.value: {"fg": "cyan", "bold": True},
    STRONG: {"bold": True},
    GUTTER: {"fg": "blue", "bold": True},
    ADDED: {"fg": "green"},
    REMOVED: {"fg": "red"},
}


def document(value: Any) -> str:
    """A value as JSON that people can read, and in which nothing hides or acts."""
    text = json.dumps(value, indent=2, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "".join(c if c == "\n" or shown(c) == c else json.dumps(c)[1:-1] for c in text)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is shown to a person; one that was closed before the start is None."""
    return stream is not None and stream.isatty()


def is_animated(stream: TextIO | None) -> bool:
    """Whether what is shown may be drawn anew in its place: on a terminal that can do it."""
    return is_terminal(stream) and os.environ.get("TERM", "") not in ("dumb", "unknown")


def columns_of(stream: TextIO | None) -> int | None:
    """The columns of a terminal, or of COLUMNS; None for a file or a pipe, whose lines other
    programs read."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said[:9]) > 0:
        return int(said[:9])
    if stream is None or not is_terminal(stream):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


def _colored(role: str, text: str) -> str:
    return click.style(text, **_STYLES[role])


def counted(diagnostics: Sequence[Diagnostic]) -> str:
    """``2 errors, 1 warning``"""
    parts = []
    for severity in Severity:
        count = sum(found.severity is severity for found in diagnostics)
        if count:
            parts.append(f"{count} {severity.value}{'s' if count > 1 else ''}")
    return ", ".join(parts)
