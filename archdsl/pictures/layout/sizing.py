"""How large boxes are: their text, on as many lines as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archdsl.pictures.measure import cut, width, wrapped
from archdsl.pictures.picture import Kind

if TYPE_CHECKING:
    from archdsl.pictures.picture import Box

TITLE, SMALL = 12.0, 10.5  # sizes of the font
LINE, SMALL_LINE = 15.0, 13.5
PAD_X, PAD_Y = 10.0, 6.0
HEAD_X = 12.0  # of the text above what is inside a box
WIDEST = 230.0  # of a line
NARROWEST = 62.0
BAR = 5.0  # what a bar takes
JOIN = 7.0
OPTIONS = 8  # of a choice that are told
LINES = 3


class Text(NamedTuple):
    """A line: ``bold`` a name, ``small`` what is told besides."""

    text: str
    bold: bool = False
    small: bool = False

    @property
    def width(self) -> float:
        return width(self.text, SMALL if self.small else TITLE, self.bold)

    @property
    def height(self) -> float:
        return SMALL_LINE if self.small else LINE


class Sized(NamedTuple):
    """The text of a box, and how large it is around that."""

    lines: tuple[Text, ...]
    width: float
    height: float


def times_text(box: Box) -> str:
    """``× 3``"""
    return f"× {box.times}" if box.times else ""


def badge_width(box: Box) -> float:
    """How wide the number of copies is, with its frame."""
    return width(times_text(box), SMALL, bold=True) + 12 if box.times else 0.0


def sized(box: Box, has_bar: bool) -> Sized:
    """A box without others inside."""
    if box.kind is Kind.JOIN:
        return Sized((), JOIN, JOIN)
    lines = text_of(box, WIDEST)
    wide = max((line.width for line in lines), default=0.0) + 2 * PAD_X
    if box.times:
        wide = max(wide, lines[0].width + 2 * PAD_X + badge_width(box) - 4)
    high = sum(line.height for line in lines) + 2 * PAD_Y + (BAR if has_bar else 0)
    return Sized(lines, _whole(max(wide, NARROWEST)), _whole(high))


def text_of(box: Box, most: float) -> tuple[Text, ...]:
    """What a box says, line by line."""
    lines: list[Text] = []
    if box.name and not box.is_named_by_title:
        lines.append(Text(cut(box.name, most, TITLE, bold=True), bold=True))
    if box.title:
        small = box.kind is Kind.CHOICE
        size = SMALL if small else TITLE
        lines += [Text(line, small=small) for line in wrapped(box.title, most, size, LINES)]
    shown = box.options if len(box.options) <= OPTIONS else box.options[: OPTIONS - 1]
    lines += [Text(cut(f"| {option}", most, TITLE)) for option in shown]
    if len(shown) < len(box.options):
        lines.append(Text(f"… {len(box.options) - len(shown):,} more", small=True))
    lines += [Text(cut(f"→ {step}", most, SMALL), small=True) for step in box.then]
    for told in box.lines[:LINES]:
        lines += [Text(line, small=True) for line in wrapped(told, most, SMALL, 2)]
    return tuple(lines or [Text("")])


def heading(box: Box, most: float) -> tuple[Text, ...]:
    """What a box with others inside says above these."""
    most = max(most, 200.0)
    lines = []
    if box.name and box.title and not box.is_named_by_title:
        whole = Text(f"{box.name}: {box.title}", bold=True)
        if whole.width <= most:
            lines.append(whole)
        else:
            lines.append(Text(cut(box.name, most, TITLE, bold=True), bold=True))
            lines += [Text(line) for line in wrapped(box.title, most, TITLE, 2)]
    elif box.title or box.name:
        is_choice = box.kind is Kind.CHOICE
        for line in wrapped(
            box.title or box.name, most, SMALL if is_choice else TITLE, 2, bold=not is_choice
        ):
            lines.append(Text(line, bold=not is_choice, small=is_choice))
    for told in box.lines[:LINES]:
        lines += [Text(line, small=True) for line in wrapped(told, most, SMALL, 2)]
    return tuple(lines)


def _whole(size: float) -> float:
    """An even number of pixels, so that a middle is a whole one."""
    return float(-(-size // 2) * 2)
