"""Breaking long statements over lines, exactly as ``ruff format`` and Black do.

Works on flat text that has one space wherever the formatter would put one. A comma before a closing
bracket asks for one item a line, unless it makes a tuple of one; an item may end in :data:`NOTE`
and a comment (:func:`noted`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 88
NOTE = "\x1f"
_COMMA = "\x1e"  # inside a note, where a comma would end the item

_OPEN, _CLOSE = "([{", ")]}"
_TUPLE_OF_ONE = re.compile(r"(?<![\w)\]])\([^()\[\]{},]+,\)")
_KEYWORD = re.compile(r"\w+(: [^=]+)?( = |=)(?!=)|\*(?!\*)")


def noted(item: str, comment: str) -> str:
    """An item with a comment behind it."""
    return f"{item}{NOTE}{comment.replace(',', _COMMA)}"


def statement(text: str, indent: int, comment: str = "") -> list[str]:
    """The lines of one statement; the comment is left out where it would force a break."""
    prefix = _prefix(text)
    lines = _lines(prefix, text[len(prefix) :], "", indent, bare=True)
    return _noted(lines, comment)


def _noted(lines: list[str], comment: str) -> list[str]:
    comment = comment.replace(_COMMA, ",")
    if comment and len(lines[-1]) + 2 + len(comment) <= WIDTH:
        lines[-1] += f"  {comment}"
    return lines


def _prefix(text: str) -> str:
    found = re.match(r"(return |[\w.]+(: [\w.\[\], |]+)? \+?= )", text)
    return found.group() if found else ""


def _lines(prefix: str, text: str, suffix: str, indent: int, bare: bool = False) -> list[str]:
    pad = " " * indent
    line = f"{pad}{prefix}{text}{suffix}"
    if len(line) <= WIDTH and not _must_break(text):
        return [line]
    parts = operands(text)
    if len(parts) > 1:
        return _operation(prefix, parts, suffix, indent, bare)
    return _broken(prefix, text, suffix, indent)


def _broken(prefix: str, text: str, suffix: str, indent: int) -> list[str]:
    """Broken inside the last brackets whose line has room for them, if there are any."""
    pad = " " * indent
    start = _breaking(text, WIDTH - indent - len(prefix))
    if start is None:
        return [f"{pad}{prefix}{text}{suffix}"]
    end = matching(text, start)
    body = text[start + 1 : end]
    if _only_groups(text, start, body):  # a comma behind it would make a tuple
        inside = _lines("", body, "", indent + 4)
    else:
        inside = _body(body, indent + 4)
    last = _lines(text[end : end + 1], text[end + 1 :], suffix, indent)
    return [f"{pad}{prefix}{text[: start + 1]}", *inside, *last]


def _breaking(text: str, room: int) -> int | None:
    """The opening bracket to break behind: the last that ``room`` suffices for, or the first."""
    found = _brackets(text)
    fitting = [start for start in found if start < room]
    return fitting[-1] if fitting else next(iter(found), None)


def _only_groups(text: str, start: int, body: str) -> bool:
    """Whether brackets stand around one expression, and belong to no call, index or tuple."""
    is_called = start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_)]")
    return text[start] == "(" and not is_called and len(split(body)) == 1 and body[-1:] != ","


def _must_break(text: str) -> bool:
    return NOTE in text or re.search(r",[)\]}]", _TUPLE_OF_ONE.sub("()", text)) is not None


def _operation(prefix: str, parts: list[str], suffix: str, indent: int, bare: bool) -> list[str]:
    """An operation over several lines; ``bare`` ones are a statement's, not an argument."""
    pad = " " * indent
    if bare and len(parts) == 2 and _ends_in_call(parts[1]):
        return _pair(prefix, parts, suffix, indent)
    whole = " ".join(parts)
    if len(pad) + 4 + len(whole) <= WIDTH and not _must_break(whole):
        return [f"{pad}{prefix}(", f"{pad}    {whole}", f"{pad}){suffix}"]
    lines = _lines("", parts[0], "", indent + 4)
    for part in parts[1:]:
        operator, _, operand = part.partition(" ")
        lines += _lines(f"{operator} ", operand, "", indent + 4)
    return [f"{pad}{prefix}(", *lines, f"{pad}){suffix}"]


def _pair(prefix: str, parts: list[str], suffix: str, indent: int) -> list[str]:
    """Two operands, the last of them a call: its brackets break, without further ones around."""
    operator, _, last = parts[1].partition(" ")
    start = _last_bracket(last) or 0
    first_line = f"{prefix}{parts[0]} {operator} {last[: start + 1]}"
    if indent + len(first_line) <= WIDTH and not _must_break(parts[0]):
        return _lines(f"{prefix}{parts[0]} {operator} ", last, suffix, indent)
    lines = _broken(prefix, parts[0], "", indent)
    return [*lines[:-1], *_lines(f"{lines[-1].strip()} {operator} ", last, suffix, indent)]


def _ends_in_call(text: str) -> bool:
    start = _last_bracket(text)
    return start is not None and matching(text, start) == len(text) - 1


def _body(body: str, indent: int) -> list[str]:
    items = split(body)
    if not body.endswith(",") and not _must_break(body):
        line = " " * indent + body
        if len(line) <= WIDTH:
            return [line]
    if len(items) == 1 and " for " in body and _loop(body):
        return _comprehension(body, indent)
    lines: list[str] = []
    for item in items:
        text, _, note = item.rpartition(NOTE) if _ends_in_note(item) else (item, "", "")
        prefix = _item_prefix(text)
        lines += _noted(_lines(prefix, text[len(prefix) :], ",", indent), note)
    return lines


def _ends_in_note(item: str) -> bool:
    at = item.rfind(NOTE)
    return at >= 0 and not any(c in _CLOSE for c in item[at:])


def _item_prefix(text: str) -> str:
    found = _KEYWORD.match(text)
    return found.group() if found else ""


def _loop(body: str) -> list[str]:
    return _cut(body, re.compile(r" (?=for )"))


def _comprehension(body: str, indent: int) -> list[str]:
    lines: list[str] = []
    for part in _loop(body):
        lines += _lines("", part, "", indent)
    return lines


def operands(text: str) -> list[str]:
    """``a if c else b`` or ``a + b`` in parts that begin with their operator; else the whole."""
    for pattern in (r" (?=if |else )", r" (?=[+-] )", r" (?=(\*|/|//|@) )"):
        parts = _cut(text, re.compile(pattern))
        if len(parts) > 1:
            return parts
    return [text]


def _cut(text: str, where: re.Pattern[str]) -> list[str]:
    places = [at for at in top_level(text) if text[at] == " " and where.match(text, at)]
    parts, start = [], 0
    for place in places:
        parts.append(text[start:place])
        start = place + 1
    return [*parts, text[start:]]


def split(body: str) -> list[str]:
    """The items between top-level commas; a trailing comma makes none."""
    items, start = [], 0
    for at in top_level(body):
        if body[at] == ",":
            items.append(body[start:at].strip())
            start = at + 1
    rest = body[start:].strip()
    return [*items, rest] if rest else items


def top_level(text: str) -> Iterator[int]:
    """The positions outside brackets and strings."""
    depth = 0
    quoted = False
    for at, character in enumerate(text):
        if character == '"' and (at == 0 or text[at - 1] != "\\"):
            quoted = not quoted
        elif quoted:
            continue
        elif character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth -= 1
        elif depth == 0:
            yield at


def matching(text: str, start: int) -> int:
    """The position of the bracket that closes the one at ``start``."""
    inside = text[start + 1 :]
    depth = 0
    quoted = False
    for at, character in enumerate(inside):
        if character == '"' and inside[at - 1] != "\\":
            quoted = not quoted
        if quoted:
            continue
        depth += (character in _OPEN) - (character in _CLOSE)
        if depth < 0:
            return start + 1 + at
    return len(text)


def _last_bracket(text: str) -> int | None:
    """The opening bracket of the last non-empty pair at top level."""
    found = _brackets(text)
    return found[-1] if found else None


def _brackets(text: str) -> list[int]:
    """The opening brackets of the non-empty pairs at top level."""
    found, at = [], 0
    while at < len(text):
        if text[at] == '"':
            at = text.index('"', at + 1)
        elif text[at] in _OPEN:
            end = matching(text, at)
            if end > at + 1:
                found.append(at)
            at = end
        at += 1
    return found
