"""Text to tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.source import Source, Span
from archdsl.syntax.admission import other_language, refuse
from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits
from archdsl.syntax.machine import Machine, Stop
from archdsl.syntax.nodes import Comment, File
from archdsl.syntax.tables import END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.syntax.scanner import Token
    from archdsl.syntax.situation import Repair

_LINE_START = re.compile(r"^[ \t]*(?=[a-z}])", re.MULTILINE)
_WITHIN_BRACES = frozenset(("_LET", "_MODULE", "_RETURN", "RBRACE"))


def parse(source: Source, limits: Limits = DEFAULT_LIMITS) -> File:
    """The syntax tree of a source; raises `SpecError` with every error that is certain."""
    file, errors = parse_tolerant(source, limits)
    if errors or file is None:
        raise SpecError(*errors)
    return file


def read(source: Source, limits: Limits = DEFAULT_LIMITS) -> tuple[File, tuple[Token, ...]]:
    """The tree with the tokens that it was read from; raises `SpecError` as `parse` does."""
    refusal = refuse(source, limits)
    machine = Machine(source, limits)
    if refusal is not None or machine.run() is not None:
        raise SpecError(*parse_tolerant(source, limits)[1])
    return _file(machine), tuple(machine.read)


def parse_tolerant(
    source: Source, limits: Limits = DEFAULT_LIMITS
) -> tuple[File | None, tuple[Diagnostic, ...]]:
    """The tree as far as it can be read, and every error that is certain.

    Where an expression cannot be read the tree holds ``Name("")`` in its place. There is no tree
    where no statement boundary was left to go on from, or where a bound was reached. Of a source
    that says it was written for a newer language, that is the one error.
    """
    refusal = refuse(source, limits)
    if refusal is not None:
        return None, (refusal,)
    machine = Machine(source, limits)
    errors: list[Diagnostic] = []
    stop = machine.run()
    newer = other_language(source) if stop is not None else None
    if newer is not None:
        return None, (newer,)
    while stop is not None:
        going_on = report(machine, stop, errors)
        if not going_on:
            return None, tuple(errors)
        stop = machine.run()
    return _file(machine), tuple(errors)


def report(machine: Machine, stop: Stop, errors: list[Diagnostic]) -> bool:
    """Add the error where a parse stopped, and bring the machine behind it."""
    from archdsl.syntax.mistakes import explain, too_many

    stop = _seen_as_statement(machine, stop)
    mistake = explain(machine, stop)
    if len(errors) >= machine.limits.errors:
        errors.append(too_many(machine, stop))
        return False
    again = _expected_brace(machine, mistake.diagnostic) or (
        errors and stop.position == machine.stopped_at
    )
    machine.stopped_at = stop.position
    if not again:
        errors.append(mistake.diagnostic)
    if stop.reason in ("tokens", "nesting"):
        return False
    first = stop.position != machine.repaired_at
    machine.repaired_at = stop.position
    repaired = first and mistake.repair is not None and _repair(machine, mistake.repair)
    return repaired or _go_on(machine, stop.position)


def _expected_brace(machine: Machine, diagnostic: Diagnostic) -> bool:
    """Whether this ``}`` closes a brace that an earlier error made us leave."""
    stray = (
        diagnostic.code == "E103" and diagnostic.span is not None and diagnostic.span.text == "}"
    )
    if not stray or not machine.dropped_braces:
        return False
    machine.dropped_braces -= 1
    return True


def _seen_as_statement(machine: Machine, stop: Stop) -> Stop:
    """A keyword was read as a name in an open expression: ``x ->`` and then ``let y``."""
    from archdsl.syntax.situation import statement_at

    last = machine.last
    if last is None or last.terminal != "NAME" or machine.entries[-1].value is not last:
        return stop
    line_start = machine.source.text.rfind("\n", 0, last.start) + 1
    if machine.source.text[line_start : last.start].strip():
        return stop
    if statement_at(machine.source.text, last.start) is None:
        return stop
    machine.unread()
    return Stop("unexpected", last.start)


def _repair(machine: Machine, repair: Repair) -> bool:
    token = repair.token
    if token is not None and (
        not machine.tables.accepts(machine.states, token.terminal) or machine.take(token)
    ):
        return False
    if token is not None and token.terminal == "RBRACE":
        machine.dropped_braces += 1
    machine.position = repair.resume
    return True


def _go_on(machine: Machine, position: int) -> bool:
    """Resume at the next statement or closing brace that can stand on what was read."""
    for terminal, start in _boundaries(machine.source.text, position):
        leave_braces = terminal not in _WITHIN_BRACES
        if start > machine.resumed_at and machine.recover(
            terminal, start, leave_braces=leave_braces
        ):
            return True
    end = len(machine.source.text)
    return end > machine.resumed_at and machine.recover(END, end, leave_braces=True)


def _boundaries(text: str, position: int) -> Iterator[tuple[str, int]]:
    from archdsl.syntax.situation import statement_at

    line_start = text.rfind("\n", 0, position) + 1
    for match in _LINE_START.finditer(text, line_start):
        start = match.end()
        if start < position or start >= len(text):
            continue
        terminal = "RBRACE" if text[start] == "}" else statement_at(text, start)
        if terminal is not None:
            yield terminal, start


def _file(machine: Machine) -> File:
    source = machine.source
    comments = (Span(source, start, end) for start, end in machine.scanner.comments)
    return File(tuple(machine.value), tuple(Comment(span.text, span) for span in comments), source)
