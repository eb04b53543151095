"""Small words and marks that are left out: ``return``, ``let``, ``->``, ``()``, ``size``."""

from __future__ import annotations

import re

from archdsl.diagnostics import Diagnostic
from archdsl.syntax.situation import ParseError, Situation, inserted, shown

_BINDS = re.compile(r"[A-Za-z_]\w*\s*=(?!=)")
_STARTS = re.compile(r'[A-Za-z_0-9"(]')
_LAST_LET = re.compile(r"\b(?:let|module)\s+([A-Za-z_]\w*)\s*=(?!=)")
_ENDS = frozenset(("NAME", "NUMBER", "UNIT", "STRING", "RPAR", "RSQB", "LBRACE"))


def let(s: Situation) -> ParseError | None:
    """``y = conv(3, 3)``, where a statement begins."""
    if not s.starts_line or "_LET" not in s.expected or not _BINDS.match(s.source.text, s.at):
        return None
    body = s.source.text[s.opener.start : s.at] if s.opener else ""
    if s.found.text in _LAST_LET.findall(body):
        message = f"{shown(s.found.text)} is bound already, and a name is bound once in a body"
        needed = f"another name: `let {s.found.text}_2 = …`"
        return ParseError(
            Diagnostic("E101", message, s.found, needed=needed),
            inserted("_LET", "let", s.at, s.at),
        )
    place = s.span(s.at, s.at)
    message = f"{shown(s.found.text)} is bound without `let`"
    fix = s.replace("write `let`", place, "let ")
    needed = f"`let {s.found.text} = …`"
    diagnostic = Diagnostic("E101", message, s.found, needed=needed, fix=fix)
    return ParseError(diagnostic, inserted("_LET", "let", s.at, s.at))


def result(s: Situation) -> ParseError | None:
    """``{ let y = … y -> relu }`` and ``{ let y = … }``: a body says what it gives."""
    if "_RETURN" not in s.expected or s.opener is None or s.opener.text != "{":
        return None
    needed, message = "`return …` at its end", "this body does not say what it gives"
    if s.found.text == "}":
        lets = _LAST_LET.findall(s.source.text[s.opener.start : s.at])
        name = lets[-1] if lets else "x"
        place = s.span(s.previous_end, s.previous_end)
        fix = s.replace(f"end with `return {name}`", place, f"\nreturn {name}")
        return ParseError(Diagnostic("E101", message, s.found, needed=needed, fix=fix))
    if not (s.starts_line or s.previous_terminal == "LBRACE") or not _starts(s):
        return None
    fix = s.replace("write `return`", s.span(s.at, s.at), "return ")
    diagnostic = Diagnostic("E101", message, s.found, needed=needed, fix=fix)
    return ParseError(diagnostic, inserted("_RETURN", "return", s.at, s.at))


def arrow(s: Situation) -> ParseError | None:
    """``conv(3, 3) relu``: one layer right behind another."""
    if "__ANON_0" not in s.expected or s.previous_terminal not in _ENDS or not _starts(s):
        return None
    if s.at == s.previous.end or s.previous_terminal in ("NUMBER", "UNIT", "STRING"):
        return None
    if not (s.found.text[0].isalpha() or s.found.text[0] == "_"):
        return None
    place = s.span(s.previous_end, s.previous_end)
    message = f"`->` is missing between {shown(s.previous_text)} and {s.found_words}"
    fix = s.replace("write `->`", place, " ->")
    help = "layers follow one another with `->`"
    diagnostic = Diagnostic("E101", message, s.found, needed="`->`", help=help, fix=fix)
    return ParseError(diagnostic, inserted("__ANON_0", "->", s.previous_end, s.at))


def comma(s: Situation) -> ParseError | None:
    """``conv(3, 3), relu``: layers in a row parted as arguments are."""
    in_body = s.opener is not None and s.opener.text == "{"
    if s.found.text != "," or not in_body or "__ANON_0" not in s.expected:
        return None
    fix = s.replace("write `->`", s.found, " ->")
    help = "layers follow one another with `->`; `,` parts arguments"
    message = f"`,` cannot stand behind {shown(s.previous_text)}"
    diagnostic = Diagnostic("E101", message, s.found, needed="`->`", help=help, fix=fix)
    return ParseError(diagnostic, inserted("__ANON_0", "->", s.at, s.found.end))


def parentheses(s: Situation) -> ParseError | None:
    """``task next_token``: a clause is a call, also of what takes nothing."""
    could_have_a_name = {"LPAR", "EQUAL"}  # as the clauses of several inputs and tasks have
    if s.expected not in ({"LPAR"}, could_have_a_name) or s.previous_terminal != "NAME":
        return None
    place = s.span(s.previous_end, s.previous_end)
    name = s.previous_text
    message = f"{shown(name)} stands here with its arguments in parentheses"
    fix = s.replace(f"write `{name}()`", place, "()")
    return ParseError(Diagnostic("E101", message, s.previous, needed=f"`{name}(…)`", fix=fix))


def size(s: Situation) -> ParseError | None:
    """``(3, 5)``: a tuple."""
    if s.found.text != "," or s.opener is None or s.opener.text != "(" or "COMMA" in s.expected:
        return None
    opener = s.span(s.opener.start, s.opener.end)
    fix = s.replace("write `size(…)`", s.span(opener.start, opener.start), "size")
    help = "a number for each axis is `size(3, 5)`; a choice is `3 | 5`"
    return ParseError(
        Diagnostic("E105", "there are no tuples in the language", opener, help=help, fix=fix)
    )


def _starts(s: Situation) -> bool:
    """Whether what was found begins an expression, and no statement."""
    return s.statement is None and bool(_STARTS.match(s.found.text))
