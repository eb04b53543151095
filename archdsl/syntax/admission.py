"""What is refused before parsing: a source too large, or with characters no reader could see."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.source import Span
from archdsl.syntax.bounds import raising

if TYPE_CHECKING:
    from archdsl.source import Source
    from archdsl.syntax.bounds import Limits

CODES = {
    "E120": "the source is larger than its bound",
    "E128": "the source is written for another version of the language than there is",
    "E127": "a character that no reader could see: a control, direction mark or broken encoding",
}

LANGUAGE = "0.2"
"""The version of the language that is read here; what is older is read, too."""

_VERSION = re.compile(r"(?:\s|#[^\n]*\n)*language[ \t\r\n]+(\d[\d._eE]*)")
_NUMBERED = re.compile(r"(\d{1,9})\.(\d{1,9})")
DELETED = 100  # characters that a fix deletes at most

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]|\r(?!\n)"
)


def refuse(source: Source, limits: Limits) -> Diagnostic | None:
    """Why a source is not parsed at all, or None."""
    if len(source.text) > limits.source_bytes or _bytes(source.text) > limits.source_bytes:
        return Diagnostic(
            "E120",
            f"the source has more than {limits.source_bytes:,} bytes",
            Span(source, 0, 0),
            help=f"split it: `use` takes blocks from another file; or {raising('source_bytes')}",
        )
    places = islice(_INVISIBLE.finditer(source.text), DELETED + 1)
    found = [Span(source, *place.span()) for place in places]
    return _invisible(found) if found else None


def other_language(source: Source) -> Diagnostic | None:
    """Why a source cannot be read as it is meant: it says that it was written for a version of the
    language that is not known here. None for others."""
    version = _VERSION.match(source.text)
    if version is None or _is_known(version.group(1)):
        return None
    return _of_another_language(source, version)


def _is_known(version: str) -> bool:
    """Whether a version is that of today or an older one."""
    written, ours = _NUMBERED.fullmatch(version), _NUMBERED.fullmatch(LANGUAGE)
    assert ours is not None
    return written is not None and [*map(int, written.groups())] <= [*map(int, ours.groups())]


def _of_another_language(source: Source, found: re.Match[str]) -> Diagnostic:
    version, span = found.group(1), Span(source, *found.span(1))
    if _NUMBERED.fullmatch(version) is None:
        message = f"`{version}` is no version of the language"
        return Diagnostic("E128", message, span, needed=f"two numbers: `language {LANGUAGE}`")
    return Diagnostic(
        "E128",
        f"this is written for version {version} of the language, and {LANGUAGE} is read here",
        span,
        needed=f"version {LANGUAGE} or an older one",
        help="a newer archdsl reads it: `pip install --upgrade archdsl`",
    )


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _invisible(found: list[Span]) -> Diagnostic:
    """The first of them, with the edits that delete all; safe, as they have no meaning anywhere."""
    count = len(found)
    title = f"delete the invisible character{'s' if count > 1 else ''}"
    edits = tuple(Edit(span, "") for span in found[:DELETED])
    return Diagnostic(
        "E127",
        f"a character that cannot be seen: {_name(found[0].text)}",
        found[0],
        label="delete it" if count == 1 else "delete it, and those behind it",
        fix=Fix(title, edits, safe=True) if count <= DELETED else None,
    )


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    known = {"\0": "NUL", "\ufeff": "a byte order mark", "\r": "a lone carriage return"}
    if "\ud800" <= character <= "\udfff":
        return f"{code}, half of a broken pair (is the file UTF-8?)"
    return f"{code}, {known[character]}" if character in known else code
