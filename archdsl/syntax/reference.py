"""What Lark itself reads by the exported grammar, for programs that embed the language in theirs.

The compiler reads specs by the same tables with a loop of its own (see docs/adr/0011); the tests
hold the two to be equal.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from lark import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from archdsl.diagnostics import Diagnostic
from archdsl.source import Span
from archdsl.syntax.admission import refuse
from archdsl.syntax.bounds import DEFAULT_LIMITS
from archdsl.syntax.export import grammar_for
from archdsl.syntax.generate import lark_parser

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lark import Lark

    from archdsl.source import Source
    from archdsl.syntax.bounds import Limits

_END = "$END"


@cache
def reference_parser() -> Lark:
    """Lark's parser for the exported grammar."""
    return lark_parser(grammar_for("lark"))


def refusal(source: Source, limits: Limits = DEFAULT_LIMITS) -> Diagnostic | None:
    """Where Lark stops reading a source, and what it could have gone on with; None if nowhere."""
    unread = refuse(source, limits)
    if unread is not None:
        return unread
    try:
        reference_parser().parse(source.text)
    except UnexpectedInput as stop:
        return _told(source, stop)
    return None


def _told(source: Source, stop: UnexpectedInput) -> Diagnostic:
    text = source.text
    expected: Iterable[str] = ()
    start = end = len(text.rstrip())  # where the text ends too early
    if isinstance(stop, UnexpectedCharacters):
        place: Any = stop.pos_in_stream  # which Lark's annotations call None
        start, end = place, place + 1
        expected = stop.allowed
    elif isinstance(stop, UnexpectedToken):
        expected = stop.accepts or stop.expected
        if stop.token.type != _END:
            start = stop.token.start_pos or 0
            end = start + len(stop.token)
    found = f"`{text[start:end]}`" if text[start:end].strip() else "the end of the text"
    return Diagnostic(
        "E101",
        f"Lark cannot go on at {found}",
        Span(source, start, end),
        needed="one of " + ", ".join(_spelled(name) for name in sorted(expected)),
    )


def _spelled(terminal: str) -> str:
    """A terminal as people know it: its text where it has only one, else its name."""
    if terminal == _END:
        return "the end of the text"
    pattern = reference_parser().get_terminal(terminal).pattern
    return f"`{pattern.value}`" if pattern.type == "str" else terminal.strip("_").lower()
