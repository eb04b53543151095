"""What people write from habit: of other languages, of file names, of the shell."""

from __future__ import annotations

import re

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.syntax.situation import ParseError, Repair, Situation, inserted, shown

_COMMENTS = re.compile(r'--|"""|\'\'\'|%|<!--|rem\b|REM\b')
_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%\Z")
_NAMED = re.compile(r"\b(?:arch|block|let)\s+([\w-]*\w)?\Z")
_NAME_WRITTEN = re.compile(r"[\w-]*\w")
_PATH = re.compile(r"[\w./\\:~-]+")
_OBJECTIVE = re.compile(r"\b(minimize|maximize)\b[^{}\n]*\Z")
_BLOCK = re.compile(r"\s*(?:shared\s+)?block\b")


def comment(s: Situation) -> ParseError | None:
    """``-- text`` and text in three quotes, where a statement could begin."""
    match = _COMMENTS.match(s.source.text, s.at)
    if match is None or not s.starts_line or s.found.text in s.expected:
        return None
    span = s.span(s.at, match.end())
    message = f"a comment starts with `#`, not {shown(span.text)}"
    help = "each line of it starts with `#`"
    end = s.source.text.find("\n", s.at)
    whole = s.source.text[s.at : end if end >= 0 else None]
    if match.group() in ('"""', "'''", "<!--"):
        return ParseError(Diagnostic("E105", message, span, help=help))
    fix = s.replace("write `#`", span, "#")
    repair = Repair(None, s.at + len(whole))
    return ParseError(Diagnostic("E105", message, span, help=help, fix=fix), repair)


def dots(s: Situation) -> ParseError | None:
    """``16..64``: a range."""
    if s.previous_terminal not in ("NUMBER", "NAME") or not s.source.text.startswith("..", s.at):
        return None
    end = s.at + len(s.source.text[s.at :]) - len(s.source.text[s.at :].lstrip("."))
    both = s.span(s.at, end)
    fix = s.replace("write `to`", both, " to ")
    message, help = f"there is no {shown(both.text)} in the language", "a range is `16 to 64`"
    repair = inserted("_TO", "to", s.at, end) if "_TO" in s.expected else None
    return ParseError(Diagnostic("E105", message, both, help=help, fix=fix), repair)


def walrus(s: Situation) -> ParseError | None:
    """``let h := conv(3, 3)``"""
    if not s.source.text.startswith(":=", s.at) or "EQUAL" not in s.expected:
        return None
    both = s.span(s.at, s.at + 2)
    fix = s.replace("write `=`", both, "=")
    message, help = "there is no `:=` in the language", "a name is bound with `=`"
    repair = inserted("EQUAL", "=", s.at, both.end)
    return ParseError(Diagnostic("E105", message, both, help=help, fix=fix), repair)


def pipe(s: Situation) -> ParseError | None:
    """``conv(3, 3) |> relu``, whose first half can be read."""
    both = s.span(s.previous.start, s.found.end)
    if both.text != "|>":
        return None
    fix = s.replace("write `->`", both, "->")
    message, help = "there is no `|>` in the language", "layers follow one another with `->`"
    return ParseError(Diagnostic("E105", message, both, help=help, fix=fix))


def percent(s: Situation) -> ParseError | None:
    """``dropout(50%)``"""
    match = _SHARE.search(s.source.text[: s.previous_end])
    if s.previous_terminal != "PERCENT" or match is None or s.found.text not in (")", ","):
        return None
    share = f"{float(match.group(1)) / 100:g}"
    written = s.span(match.start(), match.end())
    fix = s.replace(f"write `{share}`", written, share)
    message = f"{shown(written.text)} is not a number; `%` is the rest of a division"
    return ParseError(Diagnostic("E109", message, written, help=f"write `{share}`", fix=fix))


def name(s: Situation) -> ParseError | None:
    """``arch my-net {``, ``arch 3net {``: a name as files have them."""
    before = _NAMED.search(s.source.text[: s.at])
    if before is None or s.found.text[:1] not in "-0123456789":
        return None
    start = s.at if before.group(1) is None else before.start(1)
    written = _NAME_WRITTEN.match(s.source.text, start)
    if written is None or written.end() <= s.at or written.group().isdigit():
        return None
    plain = written.group().replace("-", "_")
    plain = f"_{plain}" if plain[0].isdigit() else plain
    span = s.span(start, written.end())
    message = f"{shown(span.text)} is no name"
    needed = "a letter or `_`, then letters, digits and `_`"
    fix = s.replace(f"write `{plain}`", span, plain)
    diagnostic = Diagnostic("E101", message, span, needed=needed, help=f"write `{plain}`", fix=fix)
    if "NAME" in s.expected:
        return ParseError(diagnostic, inserted("NAME", plain, start, written.end()))
    return ParseError(diagnostic, Repair(None, written.end()))


def path(s: Situation) -> ParseError | None:
    """``use blocks.arch``"""
    match = _PATH.match(s.source.text, s.at)
    if s.previous_terminal != "_USE" or s.found.text.startswith('"') or match is None:
        return None
    written = s.span(s.at, match.end())
    text = '"' + written.text.replace("\\", "/") + '"'
    fix = s.replace(f"write `{text}`", written, text)
    message, needed = "the path of a file stands in quotes", f"`use {text}`"
    repair = inserted("STRING", text, s.at, match.end())
    return ParseError(Diagnostic("E101", message, written, needed=needed, fix=fix), repair)


def reason(s: Situation) -> ParseError | None:
    """``allow no_baseline`` without its reason."""
    if s.expected != frozenset(("_BECAUSE",)):
        return None
    principle = s.previous_text
    message = f"{shown(principle)} is allowed without a reason"
    needed = f'`allow {principle} because "…"`'
    return ParseError(Diagnostic("E101", message, s.previous, needed=needed))


def objectives(s: Situation) -> ParseError | None:
    """``minimize params, macs``"""
    match = _OBJECTIVE.search(s.line_before)
    if s.found.text != "," or match is None or s.opener is None:
        return None
    if s.opener.text != "{":
        return None
    keyword = match.group(1)
    fix = s.replace(f"write `{keyword}` again", s.found, f"\n{keyword}")
    message, needed = f"`{keyword}` takes one metric", f"another `{keyword} …` for the next"
    return ParseError(Diagnostic("E101", message, s.found, needed=needed, fix=fix))


def typed(s: Situation) -> ParseError | None:
    """``block cell(width: int)``"""
    if s.found.text != ":" or s.previous_terminal != "NAME" or not _BLOCK.match(s.line_before):
        return None
    help = (
        "a parameter is a name, with `=` and a default if it has one: `block cell(width, act=relu)`"
    )
    return ParseError(Diagnostic("E105", "parameters have no types", s.found, help=help))


def moved(s: Situation, end: int) -> Fix | None:
    """The fix that puts a block written inside an ``arch`` above it."""
    above = list(re.finditer(r"^[ \t]*arch\b", s.source.text[: s.at], re.MULTILINE))
    if not above:
        return None
    text = s.source.text[s.at : end].rstrip()
    place = s.span(above[-1].start(), above[-1].start())
    edits = (Edit(place, f"{text}\n\n"), Edit(s.span(s.at, end), ""))
    return Fix("put it above the `arch`", edits)


RECOGNISERS = (comment, dots, walrus, pipe, percent, name, path, reason, objectives, typed)
