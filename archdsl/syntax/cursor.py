"""What stands before a place of a text that is being written: seen by the parser's own stack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.source import Source
from archdsl.syntax import nodes
from archdsl.syntax.bounds import DEFAULT_LIMITS, Limits
from archdsl.syntax.machine import Machine, Stop
from archdsl.syntax.parser import report
from archdsl.syntax.situation import statement_at
from archdsl.syntax.tables import END
from archdsl.syntax.words import KEYWORDS, STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.diagnostics import Diagnostic
    from archdsl.syntax.machine import Entry
    from archdsl.syntax.scanner import Token

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_OPEN = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}


class OpenCall(NamedTuple):
    """A call that is not closed yet: ``given`` are its arguments so far, ``naming`` is the name of
    the one that is being written, if it has one. Of brackets around something ``name`` is empty."""

    name: str
    start: int
    given: tuple[nodes.Argument, ...]
    naming: str


class Cursor(NamedTuple):
    """A place: the ``word`` that ends there, from ``start`` on, and what stands before it.

    ``expected`` are the terminals that can come there, ``previous`` is that of the last token;
    ``clause`` the keyword of the statement around; ``calls`` those that are open, inner ones first;
    ``before`` the statements and parameters that are complete, outer ones first. ``quoted`` is the
    text after an open quote, None outside of texts.
    """

    word: str
    start: int
    expected: frozenset[str] = frozenset()
    previous: str = ""
    previous_text: str = ""
    clause: str = ""
    calls: tuple[OpenCall, ...] = ()
    before: tuple[Any, ...] = ()
    quoted: str | None = None
    is_comment: bool = False


def cursor_at(source: Source, offset: int, limits: Limits = DEFAULT_LIMITS) -> Cursor:
    """What stands before a place; mistakes before it are passed over."""
    text = source.text[:offset]
    line = text[text.rfind("\n") + 1 :]
    quoted = _quoted(line)
    if quoted == "#":
        return Cursor("", offset, is_comment=True)
    match = _WORD.search(text) if quoted is None else None
    start = match.start() if match else offset - len(quoted or "")
    end = start if quoted is None else start - 1
    machine = _read(Source(text[:end], source.name), limits)
    entries = machine.entries
    return Cursor(
        text[start:] if quoted is None else "",
        start,
        machine.expected(),
        machine.last.terminal if machine.last else "",
        machine.last.text.strip() if machine.last else "",
        _clause(entries),
        tuple(_calls(entries))[::-1],
        tuple(_before(entries)),
        quoted,
    )


def words_of(
    source: Source, limits: Limits = DEFAULT_LIMITS
) -> tuple[tuple[Token, ...], tuple[tuple[int, int], ...]]:
    """The tokens of a text and the places of its comments; what cannot stand where it is is left
    out."""
    machine = _read(source, limits)
    return tuple(machine.read), tuple(machine.scanner.comments)


def _quoted(line: str) -> str | None:
    """The text behind a quote that is open at the end of a line; ``#`` in a comment."""
    parts = re.split(r'(?P<quote>")|(#.*)', line)
    opened = None
    place = 0
    for part in parts:
        if part == '"':
            opened = None if opened is not None else place + 1
        elif part and part.startswith("#") and opened is None:
            return "#"
        place += len(part or "")
    return None if opened is None else line[opened:]


def _read(source: Source, limits: Limits) -> Machine:
    """A machine that has read a text, but for what cannot stand where it is."""
    machine = Machine(source, limits)
    errors: list[Diagnostic] = []
    while True:
        token = machine.scanner.next(machine.states[-1], machine.position)
        if token is not None and token.terminal == END:
            return machine
        stop = machine.take(token) if token is not None else _unreadable(machine)
        if stop is not None and not _go_on(machine, stop, errors):
            return machine


def _unreadable(machine: Machine) -> Stop:
    return Stop("unreadable", machine.scanner.skip(machine.position))


def _go_on(machine: Machine, stop: Stop, errors: list[Diagnostic]) -> bool:
    """Leave out what cannot stand here; where another statement begins, what is unfinished."""
    if stop.reason in ("tokens", "nesting"):
        return False
    last = machine.last
    places = [stop.position, *([last.start] if last is not None else [])]
    if any(statement_at(machine.source.text, place) is not None for place in places):
        before = machine.position
        return report(machine, stop, errors) or machine.position > before
    machine.position = stop.token.end if stop.token is not None else stop.position + 1
    return machine.position <= len(machine.source.text)


def _clause(entries: list[Entry]) -> str:
    found = (KEYWORDS[e.symbol] for e in reversed(entries) if e.symbol in STATEMENTS)
    return next(found, "")


def _calls(entries: list[Entry]) -> Iterator[OpenCall]:
    """The brackets and calls that are open, outer ones first."""
    for index in _openers(entries):
        before = [entry.symbol for entry in entries[max(index - 2, 0) : index]]
        declares = before[:1] in (["_BLOCK"], ["_FUNCTION"])
        if before[-1:] != ["NAME"] or entries[index].symbol != "LPAR" or declares:
            yield OpenCall("", entries[index].start, (), "")
            continue
        inside = _inside(entries, index)
        listed = [one for entry in inside for one in _listed(entry.value)]
        given = tuple(one for one in listed if isinstance(one, nodes.Argument))
        name = entries[index - 1].value
        yield OpenCall(name.text, name.start, given, _naming(inside))


def _openers(entries: list[Entry]) -> list[int]:
    """Where brackets stand that are not closed, braces left out."""
    found: list[int] = []
    for index, entry in enumerate(entries):
        if entry.symbol in _OPEN:
            found.append(index)
        elif entry.symbol in _OPEN.values():
            found.pop()
    return [index for index in found if entries[index].symbol != "LBRACE"]


def _inside(entries: list[Entry], opener: int) -> list[Entry]:
    """What stands behind a bracket, up to the next one that is open."""
    inside: list[Entry] = []
    for entry in entries[opener + 1 :]:
        if entry.symbol in _OPEN:
            return inside[:-1] if inside and inside[-1].symbol == "NAME" else inside
        inside.append(entry)
    return inside


def _naming(inside: list[Entry]) -> str:
    """The name of the argument whose value is being written, if it has one."""
    last: list[Entry] = []
    for entry in inside:
        last = [] if entry.symbol == "COMMA" else [*last, entry]
    is_named = [entry.symbol for entry in last[:2]] == ["NAME", "EQUAL"]
    return last[0].value.text if is_named else ""


def _before(entries: list[Entry]) -> Iterator[Any]:
    for entry in entries:
        for one in _listed(entry.value):
            if isinstance(one, (nodes.Let, nodes.Clause, nodes.Parameter, nodes.Require)):
                yield one


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
