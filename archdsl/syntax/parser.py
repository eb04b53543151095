"""Text to tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.source import Source, Span
from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits
from archdsl.syntax.machine import Machine
from archdsl.syntax.nodes import Comment, File

if TYPE_CHECKING:
    pass


def parse(source: Source, limits: Limits = DEFAULT_LIMITS) -> File:
    """The syntax tree of a source; raises `SpecError` with every error that is certain."""
    file, errors = parse_tolerant(source, limits)
    if errors or file is None:
        raise SpecError(*errors)
    return file


def parse_tolerant(
    source: Source, limits: Limits = DEFAULT_LIMITS
) -> tuple[File | None, tuple[Diagnostic, ...]]:
    """The tree as far as it can be read, and every error that is certain."""
    machine = Machine(source, limits)
    stop = machine.run()
    if stop is not None:
        span = Span(source, stop.position, stop.position + 1)
        return None, (Diagnostic("E101", f"unexpected text", span),)
    return _file(machine), ()


def _file(machine: Machine) -> File:
    source = machine.source
    comments = (Span(source, start, end) for start, end in machine.scanner.comments)
    return File(tuple(machine.value), tuple(Comment(span.text, span) for span in comments), source)
