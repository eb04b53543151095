"""A picture as one SVG document, or as an element of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.pictures.layout import sizing
from archdsl.pictures.layout.laying import COPIES, Layout
from archdsl.pictures.measure import cut, width, wrapped
from archdsl.pictures.picture import Kind
from archdsl.pictures.svg.colours import FAMILIES, look
from archdsl.pictures.svg.writing import arrow, line, number, path, rect, told
from archdsl.pictures.telling import BARS, amount, details, most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.pictures.layout.sheet import Placed, Sheet
    from archdsl.pictures.layout.sizing import Text
    from archdsl.pictures.picture import Picture

MARGIN = 16.0
LONGEST_BAR = 42.0
SHOWN = 12  # findings that are told below
LEAST = 330.0  # width


def document(picture: Picture) -> str:
    """The document."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{element(picture)}\n'


def element(picture: Picture, heading: bool = True) -> str:
    """The element, with its heading or as what stands under one."""
    return _Drawing(picture, heading).text()


class _Drawing:
    def __init__(self, picture: Picture, heading: bool) -> None:
        self.picture = picture
        self.sheet: Sheet = Layout(picture).sheet
        self.most = most(picture)
        self.width = max(self.sheet.width, LEAST)
        self.heading = heading

    def text(self) -> str:
        head, top = self._head() if self.heading else ([], 0.0)
        left = (self.width - self.sheet.width) / 2
        foot, high = self._foot(top + self.sheet.height)
        name = told(self.picture.name)
        described = told(" ".join([*self.picture.facts, *self.picture.remarks]))
        wide, tall = number(self.width), number(high)
        opened = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="{wide}" '
            f'height="{tall}" class="p-picture" role="graphics-document" '
            'aria-labelledby="p-name" aria-describedby="p-about">'
        )
        parts = [
            opened,
            f'<title id="p-name">{name}</title>',
            f'<desc id="p-about">{described}</desc>',
            f"<style>\n{look()}\n</style>",
            rect(0, 0, self.width, high, "p-surface", 0),
            *head,
            f'<g transform="translate({number(left)} {number(top)})">',
            *self._drawn(),
            "</g>",
            *foot,
            "</svg>",
        ]
        return "\n".join(parts)

    def _head(self) -> tuple[list[str], float]:
        """The name and what is told of the whole, and where that ends."""
        y = MARGIN + 14
        room = self.width - 2 * MARGIN
        name = cut(self.picture.name, room, 16, bold=True)
        found = [line(MARGIN, y, name, "p-title p-bold")]
        for fact in (*self.picture.facts, *self.picture.remarks):
            for text in wrapped(fact, room, sizing.SMALL, 3):
                y += 15
                found.append(line(MARGIN, y, text, "p-small"))
        return found, y + 4

    def _drawn(self) -> Iterator[str]:
        sheet = self.sheet
        groups = [placed for placed in sheet.boxes if placed.box.inside]
        for placed in groups:
            yield from self._group(placed)
        for way in sheet.ways:
            if len(way.points) > 1:
                yield path(way.points, "p-way p-optional" if way.optional else "p-way")
        for way in sheet.ways:
            if way.arrow and len(way.points) > 1:
                yield arrow(way.points)
        for placed in groups:
            yield from self._group_text(placed)
        for placed in sheet.boxes:
            if not placed.box.inside:
                yield from self._leaf(placed)
        for label in sheet.labels:
            yield line(label.x, label.y, label.text, "p-sizes")

    def _group(self, placed: Placed) -> Iterator[str]:
        box = placed.box
        name = "p-group p-choice" if box.kind is Kind.CHOICE else "p-group"
        yield from self._copies(placed, name)
        yield rect(placed.x, placed.y, placed.width, placed.height, name, 7)

    def _copies(self, placed: Placed, name: str) -> Iterator[str]:
        """Sheets behind a box that stands for several."""
        if placed.box.times:
            for by in (COPIES, COPIES / 2):
                yield rect(placed.x + by, placed.y + by, placed.width, placed.height, name, 7)

    def _group_text(self, placed: Placed) -> Iterator[str]:
        yield self._opened(placed)
        if placed.lines:  # on ground of its own, as an edge may come in behind it
            wide = max(text.width for text in placed.lines) + 2 * sizing.HEAD_X - 2
            yield rect(placed.x + 1, placed.y + 1, wide, placed.head - 2, "p-band", 6)
        y = placed.y + 5
        for text in placed.lines:
            y += text.height
            yield line(placed.x + sizing.HEAD_X, y - 3.5, text.text, _style(text))
        yield from self._badge(placed, placed.y + 5)
        yield from self._marks(placed)
        yield "</g>"

    def _leaf(self, placed: Placed) -> Iterator[str]:
        box = placed.box
        if box.kind is Kind.JOIN:
            half = placed.width / 2
            x, y = number(placed.x + half), number(placed.y + half)
            yield f'<circle cx="{x}" cy="{y}" r="{number(half)}" class="p-arrow"/>'
            return
        yield self._opened(placed)
        family = box.family if box.family in FAMILIES else "other"
        name = f"p-f-{family}"
        round_ = 4.0
        if box.kind in (Kind.INPUT, Kind.OUTPUT):
            name, round_ = "p-group", 11.0
        elif box.kind is Kind.CHOICE:
            name, round_ = "p-f-block p-choice", 6.0
        elif family == "merge":
            round_ = min(12.0, placed.height / 2)
        yield from self._copies(placed, name)
        yield rect(placed.x, placed.y, placed.width, placed.height, name, round_)
        yield from self._lines(placed)
        yield from self._bar(placed)
        yield from self._badge(placed, placed.y + sizing.PAD_Y)
        yield from self._marks(placed)
        yield "</g>"

    def _opened(self, placed: Placed) -> str:
        box = placed.box
        tip = told("\n".join(details(box, self.picture.findings))).replace("\\x0a", "&#10;")
        return f'<g id="p-{box.key}"><title>{tip}</title>'

    def _lines(self, placed: Placed) -> Iterator[str]:
        """The text of a box without others inside, in its middle."""
        box, y = placed.box, placed.y + sizing.PAD_Y
        is_left = bool(box.options)
        shift = sizing.badge_width(box) / 2 if box.times else 0
        x = placed.x + (sizing.PAD_X if is_left else placed.width / 2 - shift)
        for text in placed.lines:
            y += text.height
            yield line(x, y - 3.5, text.text, _style(text), "" if is_left else "middle")

    def _bar(self, placed: Placed) -> Iterator[str]:
        share = placed.box.amounts.of(self.picture.by)
        if not share or not self.most or LONGEST_BAR * share < self.most:
            return
        long = LONGEST_BAR * share / self.most
        x = placed.x + (placed.width - long) / 2
        yield rect(x, placed.bottom - 6.5, long, 2.5, "p-bar", 1.2)

    def _badge(self, placed: Placed, y: float) -> Iterator[str]:
        text = sizing.times_text(placed.box)
        if not text:
            return
        wide = sizing.badge_width(placed.box)
        x = placed.right - wide - 5
        yield rect(x, y, wide, 15, "p-badge", 7)
        yield line(x + wide / 2, y + 11, text, "p-small p-bold", "middle")

    def _marks(self, placed: Placed) -> Iterator[str]:
        """Findings where they are."""
        found = placed.box.findings
        if not found:
            return
        worst = min(found, key=lambda at: _RANK[self.picture.findings[at].severity.value])
        severity = self.picture.findings[worst].severity.value
        x, y, wide, high = placed.x - 2, placed.y - 2, placed.width + 4, placed.height + 4
        yield rect(x, y, wide, high, f"p-mark p-mark-{severity}", 6)
        text = ",".join(str(at + 1) for at in found[:3]) + ("…" if len(found) > 3 else "")
        wide = max(14.0, width(text, 10, True) + 6)
        x, y = placed.x - 7, placed.y - 8
        yield rect(x, y, wide, 14, f"p-{severity}", 7)
        yield line(x + wide / 2, y + 10.5, text, "p-number", "middle")

    # Below

    def _foot(self, top: float) -> tuple[list[str], float]:
        """What colours and bars mean, and the findings; and where that ends."""
        found: list[str] = []
        room, y = self.width - 2 * MARGIN, top + 6
        families = dict.fromkeys(
            b.family for b in self.picture.every() if b.family in FAMILIES and not b.inside
        )
        x = MARGIN
        for family in FAMILIES:
            if family not in families or family in ("other", "block"):
                continue
            wide = 18 + width(family, sizing.SMALL)
            if x + wide > self.width - MARGIN and x > MARGIN:
                x, y = MARGIN, y + 17
            found.append(rect(x, y - 9, 12, 10, f"p-f-{family}", 2))
            found.append(line(x + 16, y, family, "p-small"))
            x += wide + 12
        if self.most:
            y += 18
            found.append(rect(MARGIN, y - 5, LONGEST_BAR, 2.5, "p-bar", 1.2))
            text = f"{BARS[self.picture.by]} of a box: {amount(self.most, self.picture.by)}"
            found.append(line(MARGIN + LONGEST_BAR + 8, y, text, "p-small"))
        lines, y = self._findings(y + 8, room) if self.heading else ([], y)
        return [*found, *lines], y + MARGIN - 6

    def _findings(self, y: float, room: float) -> tuple[list[str], float]:
        found: list[str] = []
        findings = self.picture.findings
        for at, finding in enumerate(findings[:SHOWN]):
            place = f" ({str(finding.span).rpartition('/')[2]})" if finding.span else ""
            y += 6
            found.append(line(MARGIN, y + 12, f"{at + 1}", "p-small p-bold"))
            text = f"{finding.severity.value} {finding.code}: {finding.message}{place}"
            for part in wrapped(text, room - 22, sizing.SMALL, 3):
                y += 14
                found.append(line(MARGIN + 22, y - 2, part, "p-small"))
        if len(findings) > SHOWN:
            y += 16
            found.append(line(MARGIN, y, f"and {len(findings) - SHOWN:,} more findings", "p-small"))
        return found, y


def _style(text: Text) -> str:
    return " ".join(n for n, on in (("p-bold", text.bold), ("p-small", text.small)) if on)


_RANK = {"error": 0, "warning": 1, "note": 2}
