"""Mistakes inside one word: texts, numbers, units, names, and characters the language lacks."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Edit, Fix, did_you_mean
from archdsl.syntax.bounds import raising
from archdsl.syntax.scanner import Token
from archdsl.syntax.situation import ParseError, Repair, Situation, inserted, shown
from archdsl.syntax.words import EXPRESSION

if TYPE_CHECKING:
    from archdsl.source import Span

CODES = {
    "E107": "a text in quotes is not closed, or holds what a text cannot hold",
    "E108": "a character that the language does not have",
    "E109": "a number or unit that is not written as the language writes them",
    "E123": "a number has more digits than its bound",
    "E124": "a name is longer than its bound",
    "E125": "a text in quotes is longer than its bound",
}

_BYTES = ("B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB")
UNITS = (*_BYTES, "k", "M", "G", "T", "us", "ms", "s")
_NUMBER = re.compile(r"[0-9][0-9_]*(?:\.[0-9_]*)?")
_NAME = re.compile(r"[A-Za-z0-9_]+")
_UNIT = re.compile(r"[A-Za-z][A-Za-z/0-9]*")
_FOREIGN = re.compile(r'"[^"\n]*"|#[^\n]*|([^\x00-\x7f])')
REPLACED = 1000  # characters, comments and texts that one fix goes through at most
# Quotes, arrows, signs, blanks; then Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = {
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2018": "'",
    "\u2019": "'", "\u2192": "->", "\u21d2": "->", "\u00d7": "*", "\u00b7": "*", "\u00f7": "/",
    "\u2264": "<=", "\u2265": ">=", "\u2260": "!=", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u00a0": " ", "\u2003": " ", "\u200b": "", "\u200d": "", "\u3000": " ", "\u0430": "a",
    "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0445": "x", "\u0443": "y",
    "\u0456": "i", "\u0455": "s", "\u0410": "A", "\u0412": "B", "\u0421": "C", "\u0415": "E",
    "\u041d": "H", "\u041a": "K", "\u041c": "M", "\u041e": "O", "\u0420": "P", "\u0422": "T",
    "\u0425": "X", "\u03b1": "a", "\u03bf": "o", "\u03bd": "v", "\u03c1": "p", "\u0391": "A",
    "\u0392": "B", "\u0395": "E",
}  # fmt: skip


def text_in_quotes(s: Situation) -> ParseError | None:
    """A text that does not end on its line, holds a backslash, or is too long."""
    if not s.found.text.startswith('"'):
        return None
    inside = s.found.text[1:-1]
    closed = len(s.found.text) > 1 and s.found.text.endswith('"')
    if not closed:
        fix = s.replace('close it with `"`', s.span(s.found.end, s.found.end), '"')
        return ParseError(
            Diagnostic("E107", 'a text that is not closed by `"` on its line', s.found, fix=fix)
        )
    repair = Repair(Token("STRING", '""', s.found.start, s.found.end), s.found.end)
    if "\\" in inside:
        slash = s.found.start + s.found.text.index("\\")
        message = "a text in quotes holds no `\\`"
        span = s.span(slash, slash + 1)
        if s.previous_terminal != "_USE":
            needed = "a text without it"
            return ParseError(Diagnostic("E107", message, span, needed=needed), repair)
        path = re.sub(r"\\\\+", "/", s.found.text)
        fix = s.replace(f"write `{path}`", s.found, path)
        needed = "`/` between folders, on every system"
        return ParseError(Diagnostic("E107", message, span, needed=needed, fix=fix), repair)
    limit = s.machine.limits.string
    if len(inside) <= limit:
        return None
    message = f"a text of {len(inside):,} characters; the bound is {limit}"
    return ParseError(
        Diagnostic("E125", message, s.span(s.at, s.at + 1), help=raising("string")), repair
    )


def long_number(s: Situation) -> ParseError | None:
    """Digits that go on after the number was read: too many, or grouped wrongly."""
    if s.previous_terminal != "NUMBER" or s.at != s.previous.end:
        return None
    if s.at_end or s.found.text[0] not in "_.0123456789":
        return None
    match = _NUMBER.match(s.source.text, s.previous.start)
    whole = s.span(s.previous.start, match.end() if match else s.found.end)
    parts = whole.text.replace("_", "").split(".")
    limit, digits = s.machine.limits.number_digits, max(map(len, parts))
    repair = Repair(None, whole.end)
    if digits > limit:
        message = f"a number of {digits:,} digits; the bound is {limit}"
        help_ = raising("number_digits")
        finding = Diagnostic("E123", message, s.previous, label="starts here", help=help_)
        return ParseError(finding, repair)
    needed = "digits, with `_` between groups of three if any, as in `1_281_167`"
    message = f"{shown(whole.text)} is not a number"
    return ParseError(Diagnostic("E109", message, whole, needed=needed), repair)


def long_name(s: Situation) -> ParseError | None:
    """Letters that go on after a name was read."""
    if s.previous_terminal != "NAME" or s.at != s.previous.end:
        return None
    match = _NAME.match(s.source.text, s.at)
    if match is None:
        return None
    length, limit = match.end() - s.previous.start, s.machine.limits.name
    message = f"a name of {length:,} characters; the bound is {limit}"
    finding = Diagnostic("E124", message, s.previous, help=raising("name"))
    return ParseError(finding, Repair(None, match.end()))


def wrong_unit(s: Situation) -> ParseError | None:
    """``24 gb``, ``3sec``: letters behind a number that are no unit."""
    number = s.previous_terminal in ("NUMBER", "UNIT") and s.previous.position.line == (
        s.found.position.line
    )
    match = _UNIT.match(s.source.text, s.at)
    glued = s.at == s.previous.end
    if not number or match is None or s.statement or not (glued or _alike(match.group())):
        return None
    start = s.previous.start if s.previous_terminal == "UNIT" and glued else s.at
    word = s.span(start, match.end())
    meant = _alike(word.text)
    fix = s.replace(f"write `{meant}`", word, meant) if meant else None
    if re.fullmatch(r"(x\d+)+", word.text):
        sizes = word.text.replace("x", ", ")
        message, help = "sizes are parted by commas", f"write `{s.previous_text}{sizes}`"
        fix = s.replace("write commas", word, sizes)
        finding = Diagnostic("E109", message, word, help=help, fix=fix)
        return ParseError(finding, Repair(None, match.end()))
    diagnostic = Diagnostic(
        "E109",
        f"{shown(word.text)} is not a unit",
        word,
        needed=f"one of {' '.join(UNITS)}",
        help=f"did you mean `{meant}`?" if meant else did_you_mean(word.text, UNITS),
        fix=fix,
    )
    return ParseError(diagnostic, Repair(None, match.end()))


def unknown_character(s: Situation) -> ParseError | None:
    """Letters of other scripts, typographic marks, and marks without a meaning here."""
    character = s.source.text[s.at : s.at + 1]
    if not character or character.isascii():
        return None
    span = s.span(s.at, s.at + 1)
    name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
    plain = _plain(character)
    fix = None if plain is None else _plain_throughout(s, span, plain)
    help_ = "" if not plain or plain == " " else f"did you mean `{plain}`?"
    needed = "names of plain letters, digits and `_`" if character.isalnum() else ""
    message = f"`{character}` ({name}) is no character of the language"
    return ParseError(Diagnostic("E108", message, span, needed=needed, help=help_, fix=fix))


def _plain(character: str) -> str | None:
    """The ASCII that a character looks like or stands for."""
    return _LOOKALIKES.get(character, _compatible(character))


def _plain_throughout(s: Situation, first: Span, plain: str) -> Fix:
    """The fix that writes ASCII for a character, and for all others in the text that look like it:
    who pastes one `\u2192` pastes several. Comments and texts in quotes stay as they are."""
    places = islice(_FOREIGN.finditer(s.source.text, first.start), REPLACED)
    others = [(s.span(*place.span(1)), _plain(place[1])) for place in places if place[1]]
    edits = tuple(Edit(span, text) for span, text in others if text is not None)
    if len({edit.replacement for edit in edits}) <= 1:
        return Fix(f"write `{plain}`", edits)
    return Fix("write plain characters", edits)


def single_quotes(s: Situation) -> ParseError | None:
    """``'text'``"""
    if not s.found.text.startswith("'"):
        return None
    inside = s.found.text.strip("'")
    fix = s.replace("use double quotes", s.found, f'"{inside}"', safe=True)
    diagnostic = Diagnostic("E107", 'a text stands in double quotes: `"`', s.found, fix=fix)
    if not s.expected & EXPRESSION:
        return ParseError(diagnostic)
    return ParseError(diagnostic, inserted("STRING", f'"{inside}"', s.at, s.found.end))


def _alike(word: str) -> str:
    """The unit that differs in case only, or is meant by a common abbreviation."""
    others = {"sec": "s", "secs": "s", "mil": "M", "usec": "us", "msec": "ms"}
    folded = {unit.lower(): unit for unit in UNITS}
    return folded.get(word.lower(), others.get(word.lower(), ""))


def _compatible(character: str) -> str | None:
    """The ASCII character that a full-width or styled one stands for."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain != character and plain.isascii() else None
