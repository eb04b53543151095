"""What is wrong with where things are in a picture that was laid out."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from archdsl.pictures.layout import sizing
from archdsl.pictures.layout.laying import Layout
from archdsl.pictures.picture import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.pictures.layout.sheet import Label, Placed, Point, Sheet, Way
    from archdsl.pictures.picture import Picture

NEAR = 0.01


@cache
def _font(bold: bool):
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    weight = "bold" if bold else "normal"
    return FT2Font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))


@cache
def drawn_width(text: str, size: float, bold: bool) -> float:
    """How wide a text is in DejaVu Sans, by Matplotlib."""
    font = _font(bold)
    font.set_size(1000, 72)
    font.set_text(text, 0.0)
    return font.get_width_height()[0] / 64 * size / 1000


def misplacements(picture: Picture) -> Iterator[str]:
    """Boxes that overlap or stick out, text outside of its box, edges that cross boxes or hang."""
    sheet = Layout(picture).sheet
    placed = {one.box.key: one for one in sheet.boxes}
    assert [one.key for one in picture.every()] == [one.box.key for one in sheet.boxes]
    whole = (0.0, 0.0, sheet.width, sheet.height)
    yield from _level([placed[box.key] for box in picture.boxes], whole, placed)
    for one in sheet.boxes:
        yield from _text(one)
    yield from _ways(sheet)
    yield from (
        f"{label.text} is over {one.box.key}"
        for label in sheet.labels
        for one in sheet.boxes
        if not one.box.inside and _is_over(label, one)
    )


def _level(some: list[Placed], inside: tuple[float, ...], placed: dict) -> Iterator[str]:
    left, top, right, bottom = inside
    for one in some:
        if one.x < left or one.y < top or one.right > right or one.bottom > bottom:
            yield f"{one.box.key} sticks out of its box"
        yield from (
            f"{one.box.key} and {other.box.key} overlap"
            for other in some
            if one.box.key < other.box.key and _overlap(one, other)
        )
        if one.box.inside:
            inner = [placed[box.key] for box in one.box.inside]
            yield from _level(inner, (one.x, one.y + one.head, one.right, one.bottom), placed)


def _overlap(one: Placed, other: Placed) -> bool:
    beside = one.right <= other.x or other.right <= one.x
    return not beside and not (one.bottom <= other.y or other.bottom <= one.y)


def _is_over(label: Label, one: Placed) -> bool:
    beside = label.x >= one.right or label.x + label.width <= one.x
    return not beside and one.y < label.y < one.bottom + sizing.SMALL


def _text(one: Placed) -> Iterator[str]:
    if one.box.kind is Kind.JOIN:
        return
    room = one.width - sizing.badge_width(one.box)
    for at, line in enumerate(one.lines):
        size = sizing.SMALL if line.small else sizing.TITLE
        most = room if at == 0 else one.width
        if drawn_width(line.text, size, line.bold) > most:
            yield f"{line.text!r} is wider than {one.box.key}"
    if sum(line.height for line in one.lines) > one.head:
        yield f"the text of {one.box.key} is higher than its box"


def _ways(sheet: Sheet) -> Iterator[str]:
    leaves = [one for one in sheet.boxes if not one.box.inside]
    for way in sheet.ways:
        for start, end in zip(way.points, way.points[1:], strict=False):
            if start.x != end.x and start.y != end.y:
                yield f"{way} is askew"
        yield from (f"{way} crosses {one.box.key}" for one in leaves if _crosses(way, one))
        yield from (f"{way} hides {other}" for other in sheet.ways if _hides(way, other))
        if way.arrow and not any(_ends_at(way, one) for one in leaves):
            yield f"{way} ends at no box"


def _hides(way: Way, other: Way) -> bool:
    """Whether ways of two tensors that do not meet at their ends run over each other."""
    if way.tensor >= other.tensor or way.points[-1] == other.points[-1]:
        return False
    return any(_along(one, two) for one in pairwise(way.points) for two in pairwise(other.points))


def _along(one: tuple[Point, Point], two: tuple[Point, Point]) -> bool:
    for across, along in ((0, 1), (1, 0)):
        if len({end[across] for end in (*one, *two)}) == 1:
            (a, b), (c, d) = (sorted(end[along] for end in way) for way in (one, two))
            return min(b, d) - max(a, c) > 1
    return False


def _crosses(way: Way, one: Placed) -> bool:
    for start, end in zip(way.points, way.points[1:], strict=False):
        low_x, high_x = sorted((start.x, end.x))
        low_y, high_y = sorted((start.y, end.y))
        beside = high_x <= one.x + NEAR or low_x >= one.right - NEAR
        if not beside and not (high_y <= one.y + NEAR or low_y >= one.bottom - NEAR):
            return True
    return False


def _ends_at(way: Way, one: Placed) -> bool:
    end = way.points[-1]
    on_top = abs(end.y - one.y) < NEAR and one.x - NEAR <= end.x <= one.right + NEAR
    at_side = min(abs(end.x - one.x), abs(end.x - one.right)) < NEAR
    return on_top or (at_side and one.y - NEAR <= end.y <= one.bottom + NEAR)
