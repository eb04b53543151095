"""What is refused before parsing: a source too large, or with characters no reader could see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.source import Span

if TYPE_CHECKING:
    from archdsl.source import Source
    from archdsl.syntax.bounds import Limits

CODES = {
    "E120": "the source is larger than its bound",
    "E127": "a character that no reader could see: a control, direction mark or broken encoding",
}

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
            help="split it: `use` takes blocks from another file",
        )
    found = _INVISIBLE.search(source.text)
    return _invisible(Span(source, *found.span())) if found else None


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _invisible(span: Span) -> Diagnostic:
    """Always with the edit that deletes it; safe, as it has no meaning anywhere."""
    return Diagnostic(
        "E127",
        f"a character that cannot be seen: {_name(span.text)}",
        span,
        label="delete it",
        fix=Fix("delete the invisible character", (Edit(span, ""),), safe=True),
    )


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    known = {"\0": "NUL", "\ufeff": "a byte order mark", "\r": "a lone carriage return"}
    if "\ud800" <= character <= "\udfff":
        return f"{code}, half of a broken pair (is the file UTF-8?)"
    return f"{code}, {known[character]}" if character in known else code
