"""What people write in brackets from habit: rows taken apart with ``in``, tuples, several places of
a list at once."""

from __future__ import annotations

from archdsl.diagnostics import Diagnostic
from archdsl.syntax.situation import ParseError, Situation, inserted

_TO_UNPACK = frozenset(("EQUAL",))


def unpacked(s: Situation) -> ParseError | None:
    """``each((c, n) in rows, …)`` and ``conv(8, (h, w))``: names in brackets."""
    if s.expected != _TO_UNPACK or s.previous_terminal != "RPAR":
        return None
    if s.found.text == "in":
        fix = s.replace("write `=`", s.found, "=")
        message = "names are bound with `=`, not with `in`"
        needed = "`each((c, n) = rows, layer)`"
        return ParseError(
            Diagnostic("E105", message, s.found, needed=needed, fix=fix),
            inserted("EQUAL", "=", s.at, s.found.end),
        )
    opener, closer = s.machine.closed[-1]
    whole = s.span(opener.start, closer.end)
    start = s.span(opener.start, opener.start)
    fix = s.replace("write `size(…)`", start, "size")
    help = f"a number for each axis is `size{whole.text}`; a list is `[{whole.text[1:-1]}]`"
    message = "there are no tuples in the language"
    return ParseError(Diagnostic("E105", message, whole, help=help, fix=fix))


def counted_in(s: Situation) -> ParseError | None:
    """``each(c in widths, …)``"""
    in_call = s.opener is not None and s.opener.text == "("
    if s.found.text != "in" or not in_call or s.previous_terminal != "NAME":
        return None
    fix = s.replace("write `=`", s.found, "=")
    message = "names are bound with `=`, not with `in`"
    needed = f"`each({s.previous_text} = values, layer)`"
    return ParseError(Diagnostic("E105", message, s.found, needed=needed, fix=fix))


def several_places(s: Situation) -> ParseError | None:
    """``rows[1, 2]`` and ``widths[1:3]``"""
    in_index = s.opener is not None and s.opener.text == "[" and "COMMA" not in s.expected
    if not in_index or "RSQB" not in s.expected or s.found.text not in (",", ":"):
        return None
    if s.found.text == ":":
        message = "a list has no slices: one item is asked for at a time"
        return ParseError(Diagnostic("E105", message, s.found, needed="`widths[1]`"))
    fix = s.replace("write `][`", s.found, "][")
    message = "one item is asked for at a time"
    needed = "`rows[1][2]`: an item of an item"
    return ParseError(Diagnostic("E105", message, s.found, needed=needed, fix=fix))


RECOGNISERS = (unpacked, counted_in, several_places)
