"""Parse errors in the language's own words."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Label
from archdsl.syntax import admission, brackets, foreign, habits, lexical, missing
from archdsl.syntax.bounds import raising
from archdsl.syntax.scanner import Token
from archdsl.syntax.situation import ParseError, Repair, Situation, inserted, shown
from archdsl.syntax.words import (
    EXPRESSION,
    KEYWORDS,
    STATEMENTS,
    TOP_LEVEL,
    after,
    terminal_words,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.syntax.machine import Machine, Stop

CODES: dict[str, str] = {
    "E101": "something else should stand here",
    "E102": "a bracket is never closed",
    "E103": "a closing bracket closes nothing, or another kind of bracket",
    "E104": "a keyword is misspelt or has no blank behind it",
    "E106": "a comma is missing between two arguments",
    "E121": "the source has more tokens than its bound",
    "E122": "brackets or expressions nest deeper than their bound",
    "E126": "more errors than are reported at once",
    **lexical.CODES,
    **foreign.CODES,
    **admission.CODES,
}
_OPENERS = {"RPAR": "(", "RSQB": "[", "RBRACE": "{"}
_CLOSERS = {"(": ("RPAR", ")"), "[": ("RSQB", "]"), "{": ("RBRACE", "}")}
_PIECES = re.compile(r'"[^"\n]*"|#[^\n]*|->|[A-Za-z0-9_.]+|[^\s]')
_ENDS_EXPRESSION = frozenset(("NAME", "NUMBER", "UNIT", "STRING", "RPAR", "RSQB"))
_WORD = re.compile(r"[A-Za-z_]\w*")
_BODY = re.compile(r"\s*(?:\{|=(?!=))")


def explain(machine: Machine, stop: Stop) -> ParseError:
    """What is wrong where a parse stopped, and how to go on if that is certain."""
    situation = Situation(machine, stop)
    for recognise in _RECOGNISERS:
        mistake = recognise(situation)
        if mistake is not None:
            return mistake
    return _unexpected(situation)


def too_many(machine: Machine, stop: Stop) -> Diagnostic:
    """What stands in place of the errors that are not reported."""
    message = f"more than {machine.limits.errors} errors; the rest is not shown"
    span = Situation(machine, stop).span(stop.position, stop.position)
    return Diagnostic("E126", message, span, help=raising("errors"))


def _bound(s: Situation) -> ParseError | None:
    limits = s.machine.limits
    if s.stop.reason == "tokens":
        message = f"more than {limits.tokens:,} words and marks in one source"
        return ParseError(Diagnostic("E121", message, s.span(s.at, s.at), help=raising("tokens")))
    if s.stop.reason != "nesting":
        return None
    message = f"brackets or expressions nest more than {limits.nesting} deep"
    help_ = f"give parts of it names with `let`, make a `block` of it, or {raising('nesting')}"
    return ParseError(Diagnostic("E122", message, s.span(s.at, s.at + 1), help=help_))


def _wrong_closer(s: Situation) -> ParseError | None:
    """``)``, ``]`` or ``}`` that fits no open bracket, or not the innermost."""
    found = s.found.text
    closers = {")": "RPAR", "]": "RSQB", "}": "RBRACE"}
    if found not in closers:
        return None
    repair = Repair(None, s.found.end)
    if s.opener is None and s.expected >= EXPRESSION:
        return None
    if s.opener is None or not (_is_open(s, closers[found]) or _is_taken_for(found, s.opener)):
        return ParseError(Diagnostic("E103", f"{shown(found)} closes nothing", s.found), repair)
    terminal, closer = _CLOSERS[s.opener.text]
    if closer == found:
        return None
    opener = s.span(s.opener.start, s.opener.end)
    if found == "}":
        return _never_closed(s, s.opener)
    diagnostic = Diagnostic(
        "E103",
        f"{shown(found)} cannot close `{s.opener.text}`",
        s.found,
        needed=f"`{closer}`",
        trail=(Label(opener, "opened here"),),
        fix=s.replace(f"write `{closer}`", s.found, closer),
    )
    fits = terminal in s.expected
    return ParseError(diagnostic, inserted(terminal, closer, s.at, s.found.end) if fits else None)


def _is_taken_for(found: str, opener: Token) -> bool:
    """Whether a closing bracket was surely meant for one of another kind."""
    return found == "]" or (found == ")" and opener.text == "[")


def _is_open(s: Situation, closer: str) -> bool:
    return any(token.text == _OPENERS[closer] for token in s.machine.openers)


def _unclosed(s: Situation) -> ParseError | None:
    """The end, or another statement, inside an open bracket."""
    if s.opener is None:
        return None
    opens_item = s.statement is not None and s.statement not in s.expected
    if opens_item and s.statement in TOP_LEVEL and s.opener.text == "{" and _is_inside(s, s.opener):
        return None
    inside_call = s.opener.text in "([" and not s.expected & STATEMENTS
    if s.at_end or (opens_item and (inside_call or _CLOSERS["{"][0] in s.expected)):
        return _never_closed(s, _culprit(s))
    return None


def _is_inside(s: Situation, opener: Token) -> bool:
    """Whether what was found is indented as a part of this brace."""
    opened = s.span(opener.start, opener.end).position.line
    found = s.found.position.line
    return s.starts_line and _indent(s.source.line(found)) > _indent(s.source.line(opened))


def _culprit(s: Situation) -> Token:
    """The bracket that was left open: the innermost, unless indentation tells of another."""
    innermost = s.machine.openers[-1]
    for opener, closer in s.machine.closed:
        open_ = s.span(opener.start, opener.end).position.line
        close = s.span(closer.start, closer.end).position.line
        if opener.text == "{" and open_ != close and opener.start > innermost.start:
            indents = [_indent(s.source.line(number)) for number in (open_, close)]
            if s.source.line(close).lstrip().startswith("}") and indents[1] < indents[0]:
                return opener
    return innermost


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _never_closed(s: Situation, opener: Token) -> ParseError:
    terminal, closer = _CLOSERS[opener.text]
    end = _end_of_values(s, opener) if closer == ")" else None
    place = s.span(end or s.previous_end, end or s.previous_end)
    diagnostic = Diagnostic(
        "E102",
        f"this `{opener.text}` is never closed",
        s.span(opener.start, opener.end),
        needed=f"`{closer}` before {s.found_words}",
        trail=(Label(s.found, f"`{closer}` is missing before this"),) if not s.at_end else (),
        fix=s.replace(f"insert `{closer}`", place, f"\n{closer}" if closer == "}" else closer),
    )
    innermost = s.machine.openers[-1].text
    terminal, closer = _CLOSERS[innermost]
    fits = terminal in s.expected
    return ParseError(
        diagnostic, inserted(terminal, closer, s.previous_end, s.at) if fits else None
    )


def _end_of_values(s: Situation, opener: Token) -> int | None:
    """Where the arguments of a call that is not closed end for certain: behind a number that
    something follows with `->`, as nothing flows out of a number."""
    depth, number = 0, None
    for match in _PIECES.finditer(s.source.text, opener.end, s.previous_end):
        piece = match.group()
        if piece == "->" and number is not None and depth == 0:
            return number
        depth += (piece in "([{") - (piece in ")]}")
        number = match.end() if piece[0].isdigit() else None
    return None


def _misspelt_keyword(s: Situation) -> ParseError | None:
    """``modle {``, ``retrun x``, ``return(x)``."""
    match = _WORD.match(s.source.text, s.at)
    keywords = {KEYWORDS[t]: t for t in s.expected if t in KEYWORDS}
    if match is None or not keywords:
        return None
    word = match.group()
    if word in keywords:
        return _no_blank(s, keywords[word])
    if s.statement is not None:
        return None  # a keyword that stands elsewhere
    if "_MODEL" in s.expected and _BODY.match(s.source.text, match.end()):
        keywords.pop("module", None)  # a name is bound behind it
    close = get_close_matches(word, list(keywords), n=1, cutoff=0.66)
    if not close or not (s.starts_line or s.expected <= frozenset(KEYWORDS)):
        return None
    fix = s.replace(f"write `{close[0]}`", s.found, close[0])
    help_ = f"did you mean `{close[0]}`?"
    message = f"no statement starts with {shown(word)}"
    diagnostic = Diagnostic("E104", message, s.found, help=help_, fix=fix)
    return ParseError(diagnostic, _as_keyword(s, keywords[close[0]], match.end()))


def _no_blank(s: Situation, terminal: str) -> ParseError:
    end = s.at + len(KEYWORDS[terminal])
    if end == len(s.source.text):
        message = f"{terminal_words(terminal)} stands alone at the end of the file"
        needed = f"{after(terminal)} after {terminal_words(terminal)}"
        return ParseError(Diagnostic("E101", message, s.found, needed=needed))
    if s.source.text[end] == "(" and terminal in ("_DATA", "_TASK", "_TRAIN", "_SEARCH"):
        message = f"{terminal_words(terminal)} does not say which kind before its arguments"
        return ParseError(Diagnostic("E101", message, s.found, needed=after(terminal)))
    message = f"{terminal_words(terminal)} has a blank behind it"
    fix = s.replace("insert a blank", s.span(end, end), " ", safe=True)
    return ParseError(Diagnostic("E104", message, s.found, fix=fix), _as_keyword(s, terminal, end))


def _as_keyword(s: Situation, terminal: str, end: int) -> Repair:
    return Repair(Token(terminal, KEYWORDS[terminal], s.at, end), end)


def _keyword_elsewhere(s: Situation) -> ParseError | None:
    """A statement where it cannot stand, such as ``data`` outside an ``arch``."""
    homes = {
        "_RETURN": "the end of a body in `{ }`",
    }
    homes |= dict.fromkeys(("_LET", "_MODULE"), "an `arch` or a body in `{ }`")
    if s.statement is None or s.statement in s.expected or s.expected >= EXPRESSION:
        return None
    if "_ARCH" not in s.expected and "_MODEL" not in s.expected and "_LET" not in s.expected:
        return None
    home = homes.get(s.statement, "an `arch` around it")
    needed = "the top of a file" if s.statement in TOP_LEVEL else home
    message = f"{terminal_words(s.statement)} cannot stand here"
    diagnostic = Diagnostic("E101", message, s.found, needed=needed)
    if s.statement not in TOP_LEVEL or s.opener is None:
        return ParseError(diagnostic)
    end = _end_of_item(s)
    if s.statement in ("_BLOCK", "_SHARED"):
        help = "a `block` stands above the `arch`, and all architectures of the file may call it"
        diagnostic = replace(diagnostic, help=help, fix=habits.moved(s, end))
    return ParseError(diagnostic, Repair(None, end))


def _end_of_item(s: Situation) -> int:
    """Where an item ends that is indented as a part of another: before the next line that is
    indented no further, or behind its own closing brace."""
    indent = len(s.line_before)
    lines = re.compile(rf"^[ \t]{{0,{indent}}}(?![ \t\r\n])", re.MULTILINE)
    match = lines.search(s.source.text, s.found.end)
    if match is None:
        return len(s.source.text)
    own = match.end() - match.start() == indent and s.source.text.startswith("}", match.end())
    return match.end() + own


def _else_without_equals(s: Situation) -> ParseError | None:
    if s.previous_text != "else" or s.opener is None or "EQUAL" not in s.expected:
        return None
    colon = s.found.text == ":"
    if not (colon or _starts_expression(s)):
        return None
    place = s.found if colon else s.span(s.previous_end, s.at)
    fix = s.replace("write `else=`", place, "=")
    resume = s.found.end if colon else s.at
    diagnostic = Diagnostic("E101", "`else` is an argument: `else=…`", s.previous, fix=fix)
    return ParseError(diagnostic, inserted("EQUAL", "=", s.previous_end, resume))


def _named_alone(s: Situation) -> ParseError | None:
    """``f(width: 16)``, ``when(a, b, else: c)``: a name for an option, and no other option."""
    found = _name_of_option(s)
    if found is None or "VBAR" not in s.expected:
        return None
    name, colon = found
    rest = s.source.text[colon.end :]
    end = colon.end + len(rest) - len(rest.lstrip(" "))
    in_call = s.opener is not None and s.opener.text == "("
    fix = s.replace("write `=`", s.span(name.end, end), "=") if in_call else None
    span = s.span(name.start, colon.end)
    if name.text == "else":
        return ParseError(Diagnostic("E101", "`else` is an argument: `else=…`", span, fix=fix))
    message = f"`{name.text}:` names an option, and there is no other to choose from"
    help_ = f"an argument is `{name.text}=…`" if in_call else ""
    needed = f"another option: `{name.text}: … | …`"
    return ParseError(Diagnostic("E101", message, span, needed=needed, help=help_, fix=fix))


def _name_of_option(s: Situation) -> tuple[Token, Token] | None:
    """The last ``:`` within the innermost bracket, after the name before it."""
    entries = s.machine.entries
    for place in range(len(entries) - 1, 0, -1):
        if entries[place].symbol in ("LPAR", "LSQB", "LBRACE") and entries[place].value is s.opener:
            return None
        if entries[place].symbol == "COLON":
            return entries[place - 1].value, entries[place].value
    return None


def _factor_of_log(s: Situation) -> ParseError | None:
    """``16 to 256 log by 2``, ``16 to 256 log factor``."""
    behind = s.previous_terminal == "_LOG" and s.at > s.previous.end and not s.statement
    if not behind or not _starts_expression(s):
        return None
    message = "the factor of a log range stands behind `log`: a number, or in parentheses"
    by = s.found.text == "by"
    meant, title = ("", "delete `by`") if by else (f"({s.found.text})", "put it in parentheses")
    fix = s.replace(title, s.found, meant)
    repair = Repair(None, s.found.end) if by else None
    needed = "`16 to 256 log 2`"
    return ParseError(Diagnostic("E101", message, s.found, needed=needed, fix=fix), repair)


def _missing_comma(s: Situation) -> ParseError | None:
    in_call = s.opener is not None and s.opener.text in "([" and "COMMA" in s.expected
    if not in_call or s.previous_terminal not in _ENDS_EXPRESSION or not _starts_expression(s):
        return None
    place = s.span(s.previous_end, s.previous_end)
    fix = s.replace("insert `,`", place, ",")
    message = f"a comma is missing between {shown(s.previous_text)} and {s.found_words}"
    diagnostic = Diagnostic("E106", message, s.found, needed="`,`", fix=fix)
    return ParseError(diagnostic, inserted("COMMA", ",", s.previous_end, s.at))


def _starts_expression(s: Situation) -> bool:
    return bool(re.match(r'[A-Za-z_0-9"(\[]', s.found.text))


def _chained_comparison(s: Situation) -> ParseError | None:
    if s.found.text not in ("<", "<=", ">", ">=", "==", "!=") or s.expected >= EXPRESSION:
        return None
    if not any(entry.symbol == "COMPARE" for entry in s.machine.entries[-12:]):
        return None
    message = "a comparison compares two values"
    help_ = "write `all(a < b, b < c)`"
    return ParseError(Diagnostic("E101", message, s.found, help=help_))


def _unexpected(s: Situation) -> ParseError:
    """Expected this after that, found something else."""
    needed = wanted(s.expected, s.previous_terminal, shown_text(s.previous_text))
    message = f"expected {needed}, found {s.found_words}"
    away = s.at_end or s.previous.position.line != s.found.position.line
    span = s.span(s.previous.start, s.previous_end) if away and s.previous_text else s.found
    return ParseError(Diagnostic("E101", message, span, needed=needed))


def shown_text(text: str) -> str:
    """A token short enough for a message."""
    return shown(text)[1:-1]


_RECOGNISERS: tuple[Callable[[Situation], ParseError | None], ...] = (
    _bound,
    *habits.RECOGNISERS,
    *brackets.RECOGNISERS,
    lexical.single_quotes,
    lexical.text_in_quotes,
    lexical.unknown_character,
    lexical.long_number,
    lexical.long_name,
    lexical.wrong_unit,
    _else_without_equals,
    foreign.comment_with_slashes,
    foreign.equals,
    _wrong_closer,
    foreign.name_of_a_package,
    foreign.doubled_mark,
    foreign.arrow_after_a_name,
    foreign.foreign_mark,
    _unclosed,
    _misspelt_keyword,
    _keyword_elsewhere,
    foreign.foreign_word,
    _factor_of_log,
    _named_alone,
    _missing_comma,
    missing.let,
    missing.result,
    missing.arrow,
    missing.comma,
    missing.parentheses,
    missing.size,
    _chained_comparison,
)
