"""How wide a text is drawn at most: by the widths of DejaVu Sans, the widest of the usual fonts
without serifs, as which fonts are asked for decides what the reader has."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

# Hundredths of the font's size, and the signs that are no wider.
_REGULAR = {
    28: "ijl'",
    30: "IJ",
    32: " ,.·",
    34: ":;|/\\",
    37: "-f",
    40: "t()[]",
    42: "!r",
    46: '"',
    50: "*_`",
    54: "?sz",
    56: "cL",
    58: "Fk",
    60: "vxy",
    64: "$0123456789abdeghnopqu{}EST",
    70: "ABCKPRXYZV",
    76: "HNU",
    79: "&OQDG",
    82: "w",
    87: "+<=>M×→#^~",
    98: "%m",
    100: "@W…",
}
_REGULAR_OF = {sign: size for size, signs in _REGULAR.items() for sign in signs}
_BOLDER = 1.25  # times as wide as the regular one a bold text is at most
_OTHER = 0.84  # of what is not listed
_WIDE = 1.1


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line is at most, in the unit of ``size``."""
    whole = sum(map(_share, text)) * size
    return whole * _BOLDER if bold else whole


def _share(sign: str) -> float:
    known = _REGULAR_OF.get(sign)
    if known is not None:
        return known / 100
    if combining(sign):
        return 0.0
    return _WIDE if east_asian_width(sign) in ("W", "F") else _OTHER


def cut(text: str, most: float, size: float, bold: bool = False) -> str:
    """As much of a line as there is room for, with an ellipsis where some is left out."""
    if width(text, size, bold) <= most:
        return text
    kept = text
    while kept and width(f"{kept}…", size, bold) > most:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def wrapped(text: str, most: float, size: float, lines: int, bold: bool = False) -> list[str]:
    """A text on so many lines at most, broken behind blanks; the last one is cut."""
    found: list[str] = []
    line = ""
    words = text.split(" ")
    for place, word in enumerate(words):
        longer = f"{line} {word}" if line else word
        if line and width(longer, size, bold) > most:
            if len(found) == lines - 1:
                return [*found, cut(" ".join([line, *words[place:]]), most, size, bold)]
            found.append(cut(line, most, size, bold))
            line = word
        else:
            line = longer
    return [*found, cut(line, most, size, bold)]
