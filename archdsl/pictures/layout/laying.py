"""A whole picture laid out, from the innermost boxes outwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.pictures.layout import sizing
from archdsl.pictures.layout.levels import WHOLE, Port, levels
from archdsl.pictures.layout.series import arranged
from archdsl.pictures.layout.sheet import Label, Placed, Point, Sheet, Way
from archdsl.pictures.layout.stacking import Plan, Shape
from archdsl.pictures.measure import width
from archdsl.pictures.picture import Kind

if TYPE_CHECKING:
    from archdsl.pictures.layout.levels import Level, Node
    from archdsl.pictures.layout.sizing import Sized, Text
    from archdsl.pictures.picture import Box, Picture

PAD = 12.0  # around what is inside a box
HEAD_PAD = 5.0
LABEL = 15.0  # what the sizes of a tensor take below a box
BESIDE = 5.0  # of the edge
MARGIN = 16.0
COPIES = 4.0  # by which the sheets behind a box with several copies stand out
POINT = Shape(0.0, 0.0, 0.0, 0.0, {}, {}, beside=False)


@dataclass
class Laid:
    """A box laid out around its axis: ``left`` and ``right`` of it the box itself reaches."""

    box: Box
    left: float
    right: float
    height: float
    head: float
    text: tuple[Text, ...]
    plan: Plan | None = None

    @property
    def width(self) -> float:
        return self.left + self.right


class Layout:
    """Where everything in a picture is."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.levels = levels(picture)
        self.has_bars = any(b.amounts.of(picture.by) for b in picture.every() if not b.inside)
        self.laid: dict[str, Laid] = {}
        self.told: dict[str, dict[str, str]] = {}  # sizes told below a box, by the tensor
        self.shapes: dict[str, Shape] = {}
        for level in self.levels.values():
            self._labels(level)
        whole = self._plan(WHOLE)
        self.sheet = Sheet()
        left, right = whole.size.left, whole.size.right
        self.sheet.width = left + right + 2 * MARGIN
        self.sheet.height = whole.size.height + 2 * MARGIN
        self._put(WHOLE, whole, MARGIN + left, MARGIN)

    def _labels(self, level: Level) -> None:
        """The sizes of what a box gives, where they are others than those of what it reads, and
        something beside it reads them."""
        reads: dict[Node, set[str]] = {}
        for link in level.links:
            reads.setdefault(link.end, set()).add(link.sizes)
        kinds = {box.key: box.kind for box in level.boxes}
        for link in level.links:
            start, end = link.start, link.end
            if isinstance(start, Port) or isinstance(end, Port):
                continue
            told = kinds[start] is Kind.INPUT or kinds[end] is Kind.OUTPUT
            if link.sizes and not told and link.sizes not in reads.get(start, ()):
                self.told.setdefault(start, {})[link.tensor] = link.sizes

    def _plan(self, key: str) -> Plan:
        level = self.levels[key]
        for box in level.boxes:
            self.laid[box.key] = self._group(box) if box.inside else self._leaf(box)
        return Plan(arranged(level), level.links, self._shape)

    def _leaf(self, box: Box) -> Laid:
        has_bar = self.has_bars and box.kind in (Kind.LAYER, Kind.CHOICE) and self._is_barred(box)
        size: Sized = sizing.sized(box, has_bar)
        half = size.width / 2
        return Laid(box, half, half, size.height, size.height, size.lines)

    def _is_barred(self, box: Box) -> bool:
        return box.amounts.of(self.picture.by) > 0

    def _group(self, box: Box) -> Laid:
        plan = self._plan(box.key)
        left, right = plan.size.left + PAD, plan.size.right + PAD
        badge = sizing.badge_width(box)
        room = left + right - 2 * PAD - (badge + 6 if badge else 0)
        text = sizing.heading(box, room)
        wide = max((line.width for line in text), default=0.0) + badge + 6 + 2 * PAD
        if wide > left + right:  # as much on both sides
            more = float(-(-(wide - left - right) // 2))
            left, right = left + more, right + more
        head = sum(line.height for line in text) + 2 * HEAD_PAD if text or badge else PAD
        head = max(head, 24.0) if badge else head
        height = head + plan.size.height + PAD
        return Laid(box, left, right, height, head, text, plan)

    def _shape(self, node: Node) -> Shape:
        if isinstance(node, Port):
            return POINT
        if node not in self.shapes:
            self.shapes[node] = self._shape_of(node)
        return self.shapes[node]

    def _shape_of(self, node: str) -> Shape:
        laid = self.laid[node]
        plan, box = laid.plan, laid.box
        enters: dict[str, float] = {}
        leaves: dict[str, float] = {}
        if plan is not None:
            for port, place in plan.ports.items():
                (enters if port.enters else leaves)[port.tensor] = place
        right = laid.right + (COPIES if box.times else 0)
        told = self.told.get(node, {})
        for tensor, text in told.items():
            x = leaves.get(tensor, 0.0) + BESIDE
            right = max(right, x + width(text, sizing.SMALL) + 2)
        below = (COPIES if box.times else 0) + (LABEL if told else 0)
        beside = plan is None and box.kind in (Kind.LAYER, Kind.OUTPUT, Kind.CHOICE)
        return Shape(
            laid.left, right, laid.height + below, laid.height, enters, leaves, beside, laid.right
        )

    # Putting in place

    def _put(self, key: str, plan: Plan, axis: float, top: float, head: float = 0) -> None:
        """A level put in place below a head, with all that is inside its boxes."""
        plan.put(axis, top)
        level, bottom = self.levels[key], top + plan.size.height
        for box in level.boxes:
            self._put_box(box, plan.places[box.key])
        for link, route in zip(level.links, plan.routes, strict=True):
            if isinstance(link.start, Port):
                route.start = route.start._replace(y=top - head)
            if isinstance(link.end, Port):
                route.end = route.end._replace(y=bottom + PAD)
            arrow = isinstance(link.end, str) and self._ends(link.end)
            points = _joined(route.points())
            self.sheet.ways.append(Way(link.tensor, points, arrow, link.optional))

    def _ends(self, key: str) -> bool:
        """Whether edges end at a box, and with an arrow."""
        laid = self.laid[key]
        return laid.plan is None and laid.box.kind is not Kind.JOIN

    def _put_box(self, box: Box, place: Point) -> None:
        laid = self.laid[box.key]
        x = place.x - laid.left
        placed = Placed(box, x, place.y, laid.width, laid.height, laid.head, laid.text)
        self.sheet.boxes.append(placed)
        shape = self._shape(box.key)
        y = place.y + laid.height + (COPIES if box.times else 0) + LABEL - 4
        for tensor, text in self.told.get(box.key, {}).items():
            beside = place.x + shape.leaves.get(tensor, 0.0) + BESIDE
            self.sheet.labels.append(Label(text, beside, y, width(text, sizing.SMALL)))
        if laid.plan is not None:
            self._put(box.key, laid.plan, place.x, place.y + laid.head, laid.head)


def _joined(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Points without those in the middle of a straight line."""
    found: list[Point] = []
    for point in points:
        if found and found[-1] == point:
            continue
        if len(found) > 1 and (found[-2].x == found[-1].x == point.x):
            found[-1] = point
        else:
            found.append(point)
    return tuple(found)
