"""Spellings brought along from other languages, each with the one used here."""

from __future__ import annotations

import re
from typing import NamedTuple

from archdsl.diagnostics import Diagnostic
from archdsl.syntax.situation import ParseError, Repair, Situation, inserted, shown
from archdsl.syntax.words import EXPRESSION, STATEMENTS

CODES = {"E105": "a spelling from another language"}


class _Here(NamedTuple):
    """What to say; where one token does the same here, what replaces it."""

    say: str
    replacement: str = ""
    terminal: str = ""


_MARKS = {
    ";": _Here("nothing separates statements here", "", "skip"),
    "&&": _Here("write `all(a, b)`"),
    "||": _Here("write `any(a, b)`; a choice is `a | b`"),
    "&": _Here("write `all(a, b)`"),
    "!": _Here("write `not(a)`"),
    "=>": _Here("layers follow one another with `->`", "->", "__ANON_0"),
    "<-": _Here("layers follow one another with `->`, from left to right"),
    "**": _Here("a power is written `^`", "^", "CIRCUMFLEX"),
    ":": _Here(
        "`:` names an option (`small: 8 | large: 64`); "
        "an argument is `name=value`, a body stands in `{ }`"
    ),
    "/*": _Here("a comment starts with `#` and ends with its line"),
    "@": _Here("layers follow one another with `->`"),
    "?": _Here("write `when(condition, a, else=b)`"),
    "\\": _Here("a line needs no `\\` to go on", "", "skip"),
    "$": _Here("a name is written as it is"),
    "~": _Here("write `not(a)`"),
}
_STARTS = {
    **dict.fromkeys(
        ("def", "class", "fn", "func", "fun"),
        _Here("a block is written `block name(width) { … }`, a function `function name(v) = …`"),
    ),
    **dict.fromkeys(
        ("import", "from", "include", "require_once"),
        _Here('another file\'s blocks come with `use "path.arch"`'),
    ),
    **dict.fromkeys(
        ("var", "const", "val", "auto", "set"), _Here("a name is made with `let name = …`")
    ),
    **dict.fromkeys(
        ("if", "elif", "else", "switch", "match"), _Here("write `when(condition, a, else=b)`")
    ),
    **dict.fromkeys(
        ("for", "while", "repeat", "loop"), _Here("write `3 * layer`, or `each(i = 1 to 3, layer)`")
    ),
    **dict.fromkeys(("network", "module", "net"), _Here("a network is written `arch Name { … }`")),
    **dict.fromkeys(("assert", "constraint"), _Here("a constraint is written `require …`")),
}
_INFIX = {
    "and": _Here("write `all(a, b)`"),
    "or": _Here("write `any(a, b)`; a choice is `a | b`"),
    "if": _Here("write `when(condition, a, else=b)`"),
    "in": _Here("write `each(i = 1 to 3, layer)`, or a choice: `a | b | c`"),
    "for": _Here("write `each(i = 1 to 3, layer)`"),
    "lambda": _Here("a block is written `block name(width) = …`"),
    "step": _Here("the step of a range is written `by`"),
    "then": _Here("layers follow one another with `->`", "->", "__ANON_0"),
}

_DOTTED = re.compile(r"(?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*\Z")
_DOTTED_ON = re.compile(r"(?:[A-Za-z_]\w*\.)+([A-Za-z_]\w*)")
_PREFIX = {
    "if": _INFIX["if"],
    "not": _Here("write `not(a)`"),
    "lambda": _INFIX["lambda"],
    "for": _INFIX["for"],
}


def foreign_mark(s: Situation) -> ParseError | None:
    """``;`` ``&&`` ``=>`` and the like."""
    here = _MARKS.get(s.found.text)
    if here is None:
        return None
    found = shown(s.found.text)
    known = s.found.text == ":"
    message = f"{found} cannot stand here" if known else f"there is no {found} in the language"
    return _mistake(s, here, message)


def arrow_after_a_name(s: Situation) -> ParseError | None:
    """``add(a, b => relu)``: behind a name that may be an argument's, ``=`` is read by itself."""
    text = s.source.text
    if s.found.text != ">" or s.at == 0 or text[s.at - 1] != "=":
        return None
    arrow = s.span(s.at - 1, s.at + 1)
    message = "there is no `=>` in the language"
    fix = s.replace("write `->`", arrow, "->")
    return ParseError(Diagnostic("E105", message, arrow, help=_MARKS["=>"].say, fix=fix))


def name_of_a_package(s: Situation) -> ParseError | None:
    """``nn.Conv2d(`` and ``torch.nn.ReLU``: names have no packages before them."""
    if s.found.text not in (".", "(") or s.previous_terminal != "NAME":
        return None
    match = _DOTTED.search(s.source.text[: s.at])
    if match is None:
        return None
    whole = _DOTTED_ON.match(s.source.text, match.start())
    assert whole is not None
    packages = s.span(match.start(), whole.end() - len(whole.group(1)))
    message = f"names have no packages before them, as {shown(packages.text + whole.group(1))} has"
    fix = s.replace(f"delete `{packages.text}`", packages, "")
    help = "an op is called by its word alone: `conv(64, 3)`"
    return ParseError(Diagnostic("E105", message, packages, help=help, fix=fix))


def doubled_mark(s: Situation) -> ParseError | None:
    """``**`` and ``||``, whose first half can be read."""
    both = s.span(s.previous.start, s.found.end)
    if s.at != s.previous.end or both.text not in ("**", "||"):
        return None
    here = _MARKS[both.text]
    fix = s.replace(f"write `{here.replacement}`", both, here.replacement)
    message = f"there is no {shown(both.text)} in the language"
    offered = fix if here.terminal else None
    return ParseError(Diagnostic("E105", message, both, help=here.say, fix=offered))


def foreign_word(s: Situation) -> ParseError | None:
    """``def`` and ``import`` where a statement starts, ``and`` and ``or`` inside an expression."""
    if s.previous_terminal == "NAME" and s.previous_text in _PREFIX and s.at > s.previous.end:
        word = s.span(s.previous.start, s.previous_end)
        say = _PREFIX[s.previous_text].say
        message = f"{shown(s.previous_text)} does not stand before an expression"
        return ParseError(Diagnostic("E105", message, word, help=say))
    opens = bool(s.expected & STATEMENTS) and s.starts_line
    here = (_STARTS if opens else _INFIX).get(s.found.text)
    return here and _mistake(s, here, f"there is no {shown(s.found.text)} in the language")


def comment_with_slashes(s: Situation) -> ParseError | None:
    """``// text``, which reads as a division until its words do not fit."""
    line = s.line_before
    at = s.at if s.found.text == "//" else s.at - len(line) + line.find("//")
    if s.found.text != "//" and ("//" not in line or s.previous.start < at):
        return None
    if s.found.text == "//" and not (s.starts_line or s.expected >= EXPRESSION):
        return None
    span = s.span(at, at + 2)
    fix = s.replace("write `#`", span, "#")
    end = s.source.text.find("\n", s.at)
    repair = Repair(None, len(s.source.text) if end < 0 else end) if s.starts_line else None
    return ParseError(
        Diagnostic("E105", "a comment starts with `#`, not `//`", span, fix=fix), repair
    )


def equals(s: Situation) -> ParseError | None:
    """``==`` where a name is bound, ``=`` where two values are compared."""
    found = s.found.text
    if found == "==" and "EQUAL" in s.expected:
        message, terminal, text = "`==` compares; a name is bound with `=`", "EQUAL", "="
    elif found == "=" and s.stop.token is None and "COMPARE" in s.expected:
        message, terminal, text = "`=` binds a name; values are compared with `==`", "COMPARE", "=="
    elif found == "=" and s.previous.text == "=" and s.at == s.previous.end:
        span = s.span(s.previous.start, s.found.end)
        fix = s.replace("write `=`", span, "=")
        message = "`==` compares; a name is bound with `=`"
        return ParseError(Diagnostic("E105", message, span, fix=fix), Repair(None, s.found.end))
    else:
        return None
    fix = s.replace(f"write `{text}`", s.found, text)
    repair = inserted(terminal, text, s.at, s.found.end)
    return ParseError(Diagnostic("E105", message, s.found, fix=fix), repair)


def _mistake(s: Situation, here: _Here, message: str) -> ParseError:
    fixable = bool(here.terminal)
    title = f"write `{here.replacement}`" if here.replacement else f"delete `{s.found.text}`"
    fix = s.replace(title, s.found, here.replacement) if fixable else None
    diagnostic = Diagnostic("E105", message, s.found, help=here.say, fix=fix)
    if here.terminal == "skip":
        return ParseError(diagnostic, Repair(None, s.found.end))
    if here.terminal in s.expected:
        repair = inserted(here.terminal, here.replacement, s.at, s.found.end)
        return ParseError(diagnostic, repair)
    return ParseError(diagnostic)
