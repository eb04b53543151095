"""Opening the positions of a diagram: which others they lead to, and what comes of those."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.space.bounds import all_ends, own
from archdsl.space.diagram import Part, Place, Product, Union, union
from archdsl.space.positions import Position, Result

if TYPE_CHECKING:
    from archdsl.space.bounds import Weights
    from archdsl.space.diagram import Node

Asked = list[tuple[Position, int]]  # positions, each with the budget that is left to it


class _Options(NamedTuple):
    """The options of a union: ``fixed`` are those of which each has but one total, by this total,
    in the order of ``totals``."""

    totals: list[int]
    fixed: list[list[Node]]
    varying: list[Node]


class _Parts(NamedTuple):
    """The parts of a product: ``fixed`` are those of which each has but one total, ``total`` is
    the sum of these and of the product's own, ``varying`` the others in the order in which they
    are gone through."""

    total: int
    fixed: list[Part]
    varying: list[Part]
    place: Place | None


class Opening:
    """The positions of one diagram for one total."""

    def __init__(self, nodes: list[Node], weights: Weights) -> None:
        self.weights = weights
        self.zero = (0,) * len(weights)
        self.ends = all_ends(nodes, weights)
        self.heights = _heights(nodes)
        self.positions: dict[Any, Position] = {}
        self.options: dict[int, _Options] = {}
        self.parts: dict[int, _Parts] = {}
        self.groups: dict[tuple[int, int, int], Node] = {}

    def position(self, part: Part, after: Position | None) -> Position:
        key = (id(part.node), part.path, part.place, part.times, after)
        found = self.positions.get(key)
        if found is None:
            ends = self.ends[part.node.order]
            found = self.positions[key] = Position(part, after, ends, self.zero)
        return found

    def asked(self, position: Position, budget: int) -> Asked:
        """What has to be known of a position under a budget: other positions, with theirs."""
        inside = position.inside
        if inside is None:
            inside = position.inside = self._inside(position)
        node, times = position.part.node, position.part.times
        if _is_tail(position):
            return [(inside[0], budget // times)]
        if type(node) is not Union:
            return [(inside[0], budget - times * self._parts(node).total)]  # type: ignore[arg-type]
        asked = [(inner, budget) for inner in inside]
        if position.after is not None:
            after = position.after
            asked += [(after, budget - times * total) for total in self._options(node).totals]
        return asked

    def joined(
        self, position: Position, budget: int, asked: Asked, results: list[Result]
    ) -> Result:
        """What is left of a position under a budget, by what is left of those asked."""
        part = position.part
        if _is_tail(position):
            return _standing(part, results[0])
        down = [
            left - r.least
            for (_, left), r in zip(asked, results, strict=True)
            if r.least is not None
        ]
        up = [
            r.most - left for (_, left), r in zip(asked, results, strict=True) if r.most is not None
        ]
        made: Node
        if type(part.node) is not Union:
            made = self._product(position, results[0])
        else:
            made = union(self._left(position, budget, results))
            if position.after is None:
                totals = self._options(part.node).totals
                index = bisect_right(totals, budget)
                down += [budget - total for total in totals[index - 1 : index]]
                up += [total - budget - 1 for total in totals[index : index + 1]]
        return Result(budget - min(down), budget + min(up), Part(made, part.path, part.place))

    def _inside(self, position: Position) -> list[Position]:
        part, after = position.part, position.after
        if _is_tail(position):
            return [self.position(Part(part.node), None)]
        if type(part.node) is Union:
            varying = self._options(part.node).varying
            return [self.position(part._replace(node=option), after) for option in varying]
        parts = self._parts(part.node)  # type: ignore[arg-type]
        if after is None and len(parts.varying) == 1:
            return [self.position(parts.varying[0], None)]
        for inner in reversed(parts.varying):
            after = self.position(_addressed(inner, part, parts.place), after)
        assert after is not None, "a position has more than one total"
        return [after]

    def _left(self, position: Position, budget: int, results: list[Result]) -> list[Node]:
        """The options of a union that are left."""
        node = position.part.node
        assert type(node) is Union
        options = self._options(node)
        varying = len(options.varying)
        found = [result.part.node for result in results[:varying] if result.part]
        if position.after is None:
            index = bisect_right(options.totals, budget)
            return [*found, self._group(node, 0, index)] if index else found
        begin = 0
        rest = results[varying:]
        for end in range(1, len(rest) + 1):
            after = rest[begin].part
            if end < len(rest) and rest[end].part is after:
                continue
            if after is not None:
                first = Part(self._group(node, begin, end), "", None, position.part.times)
                found.append(Product((), (first, after), self.zero))
            begin = end
        return found

    def _group(self, node: Union, begin: int, end: int) -> Node:
        """The fixed options of a union from one of their totals to another."""
        key = (id(node), begin, end)
        found = self.groups.get(key)
        if found is None:
            groups = self._options(node).fixed[begin:end]
            found = self.groups[key] = union([option for group in groups for option in group])
        return found

    def _product(self, position: Position, rest: Result) -> Product:
        node, times = position.part.node, position.part.times
        parts = self._parts(node)  # type: ignore[arg-type]
        fixed = [part._replace(times=times * part.times) for part in parts.fixed]
        amounts = tuple([times * amount for amount in node.amounts])  # type: ignore[union-attr]
        assert rest.part is not None, "a position between its bounds has designs"
        place = node.place if position.after else parts.place  # type: ignore[union-attr]
        return Product(node.answers, (*fixed, rest.part), amounts, place)  # type: ignore[union-attr]

    def _options(self, node: Union) -> _Options:
        found = self.options.get(id(node))
        if found is None:
            groups: dict[int, list[Node]] = {}
            varying: list[Node] = []
            for option in node.options:
                ends = self.ends[option.order]
                if ends.least == ends.largest:
                    groups.setdefault(ends.least, []).append(option)
                else:
                    varying.append(option)
            totals = sorted(groups)
            fixed = [groups[total] for total in totals]
            found = self.options[id(node)] = _Options(totals, fixed, varying)
        return found

    def _parts(self, node: Product) -> _Parts:
        found = self.parts.get(id(node))
        if found is None:
            total = own(node, self.weights)
            fixed, varying = [], []
            for part in node.parts:
                ends = self.ends[part.node.order]
                if part.times and ends.least < ends.largest:
                    varying.append(part)
                else:
                    fixed.append(part)
                    total += part.times * ends.least
            varying.reverse()  # the parts that options have in common are often their first
            varying.sort(key=self._turn)
            place = node.place
            if place is None and len(varying) > 1:
                place = Place()
            found = self.parts[id(node)] = _Parts(total, fixed, varying, place)
        return found

    def _turn(self, part: Part) -> tuple[int, int]:
        """When a part is gone through. The highest comes last: what it shares with others stays
        shared there, as nothing comes after it. Of equals the widest comes first, for what is left
        to small ones is soon enough for all of them, or for none."""
        ends = self.ends[part.node.order]
        return self.heights[part.node.order], part.times * (ends.least - ends.largest)


def _is_tail(position: Position) -> bool:
    """Whether nothing comes after a part. What is left of its node does not depend on where it
    stands and how often it counts, then."""
    part = position.part
    return position.after is None and (part.times != 1 or part.path != "" or part.place is not None)


def _standing(part: Part, once: Result) -> Result:
    """What is left of a part, by what is left of its node."""
    assert once.least is not None
    assert once.most is not None
    assert once.part is not None
    times = part.times
    return Result(
        once.least * times, once.most * times + times - 1, part._replace(node=once.part.node)
    )


def _addressed(inner: Part, part: Part, place: Place | None) -> Part:
    """A part of a product as it is seen from the place that the product is seen from: its own
    ``place`` when nothing comes after it."""
    times = part.times * inner.times
    if inner.place is not None:
        return inner._replace(times=times)
    if part.place is None:
        return inner._replace(place=place, times=times)
    return Part(inner.node, part.path + inner.path, part.place, times)


def _heights(nodes: list[Node]) -> list[int]:
    """How many nodes there are at most below each."""
    found: list[int] = []
    for node in nodes:
        inner = node.options if type(node) is Union else [part.node for part in node.parts]  # type: ignore[union-attr]
        found.append(1 + max([found[below.order] for below in inner], default=-1))
    return found
