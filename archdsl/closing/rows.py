"""Rows closed: layers one after another, copies that are alike, copies that are not."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from archdsl.closing.conditions import selected, selected_places
from archdsl.closing.places import Disagree, Unmet
from archdsl.closing.tree import (
    SELECTING,
    counters,
    distinct,
    expression_of,
    flow_of,
    literal,
    name_of,
    names_in,
    rebuilt,
)
from archdsl.evaluate.frames import Closure, Values, key_of
from archdsl.syntax import nodes
from archdsl.syntax.text import expression_text

if TYPE_CHECKING:
    from archdsl.closing.base import Closer
    from archdsl.closing.facts import Copy
    from archdsl.closing.places import Place
    from archdsl.source import Span


def flow(closer: Closer, node: nodes.Flow, place: Place) -> nodes.Expression:
    """``a -> b -> c``; what a step came to be is written in the same row."""
    steps = _read(closer, [(step, place) for step in node.steps])
    if len(steps) == len(node.steps) and all(
        new is old for new, old in zip(steps, node.steps, strict=True)
    ):
        return node
    kept = [new for new in steps if any(new is old for old in node.steps) or not _is_identity(new)]
    return flow_of(kept, node.span)


def _is_identity(node: nodes.Expression) -> bool:
    return isinstance(node, nodes.Name) and node.id == "identity"


def _read(closer: Closer, steps: list[tuple[nodes.Expression, Place]]) -> list[nodes.Expression]:
    """The steps of a row closed, without those whose result the design throws away."""
    first = 0
    for index, (step, place) in enumerate(steps):
        each = [closer.reads_flow(step, place.at((path,))) for path in place.paths]
        thrown = [reads == {False} for reads in each if reads]
        if all(thrown) and thrown:
            first = index
        elif any(thrown) and index:
            raise Disagree
    return [closer.expression(step, place) for step, place in steps[first:]]


def repeated(closer: Closer, node: nodes.Binary, place: Place) -> nodes.Expression:
    """``n * layer``"""
    count = closer.expression(node.left, place)
    known = closer.values(node.left, place)
    if known == [0] and closer.opened(node.right):
        return name_of("identity", node.span)
    layer = closer.expression(node.right, place)
    if count is not node.left and known == [1] and isinstance(count, nodes.Number):
        return layer
    if closer.reads_flow(node.right, place) == {False}:  # all copies but the last are thrown away
        return layer
    if count is not node.left and known == [0] and isinstance(count, nodes.Number):
        return name_of("identity", node.span)
    return rebuilt(node, left=count, right=layer)


def permute(closer: Closer, node: nodes.Call, place: Place) -> nodes.Expression:
    """``permute(a, b, c)``: the row that was chosen."""
    steps = [(one, place) for one in selected(closer, node, place)]
    return flow_of(_read(closer, steps), node.span)


def each(closer: Closer, node: nodes.Call, place: Place) -> nodes.Expression:
    """``each(i = 1 to 3, layer)``: one text for all copies, if there is one, else a row of them."""
    inner = place
    for name in counters(node):
        inner = inner.binding(name)
    known = closer.facts.copies
    rows = [row for path in place.paths for row in known.get((node.span, path), ())]
    if not rows:
        return _unmet(closer, node, place, inner)
    try:
        body = node.arguments[1].value
        everywhere = inner.at(copy.path for row in rows for copy in row)
        if False in closer.reads_flow(body, everywhere):
            return _unrolled(closer, node, place, rows)
        layer = closer.expression(body, everywhere)
    except Disagree:
        return _unrolled(closer, node, place, rows)
    return _alike(closer, node, place, layer, rows)


def _unmet(closer: Closer, node: nodes.Call, place: Place, inner: Place) -> nodes.Expression:
    """Where nothing is known of the copies, nothing may be chosen for them."""
    if closer.opened(node):
        raise Unmet
    source = _source(closer, node.arguments[0].value, place)
    return _rebuilt(node, source, closer.expression(node.arguments[1].value, inner))


def _rebuilt(
    node: nodes.Call, source: nodes.Expression, layer: nodes.Expression
) -> nodes.Expression:
    first, second = node.arguments
    if source is first.value and layer is second.value:
        return node
    parts = (rebuilt(first, value=source), rebuilt(second, value=layer))
    return rebuilt(node, arguments=parts)


def _alike(
    closer: Closer,
    node: nodes.Call,
    place: Place,
    layer: nodes.Expression,
    rows: list[tuple[Copy, ...]],
) -> nodes.Expression:
    """Copies of one text: those that do not read what they are made for are plain copies."""
    source = _source(closer, node.arguments[0].value, place)
    if not {*counters(node)}.isdisjoint(names_in(layer)):
        if isinstance(source, nodes.List) and len(source.items) == 1:
            return _unrolled(closer, node, place, rows)
        return _rebuilt(node, source, layer)
    if not closer.opened(node):
        return _rebuilt(node, source, layer)
    count = _count(closer, node, source, place, rows)
    if isinstance(count, nodes.Number) and count.value == 1:
        return layer
    return nodes.Binary("*", count, layer, node.span)


def _count(
    closer: Closer,
    node: nodes.Call,
    source: nodes.Expression,
    place: Place,
    rows: list[tuple[Copy, ...]],
) -> nodes.Expression:
    """How many copies there are."""
    before = node.arguments[0].value
    if isinstance(source, nodes.Range) and source.step is None and not source.log:
        assert isinstance(before, nodes.Range)
        ends = closer.values(before.last, place)
        begins = isinstance(source.first, nodes.Number) and source.first.text == "1"
        if begins and ends and all(type(end) is int for end in ends):
            return source.last
    if len({len(row) for row in rows}) > 1:
        raise Disagree
    return literal(len(rows[0]), node.span) or source


def _source(closer: Closer, node: nodes.Expression, place: Place) -> nodes.Expression:
    """What copies are made for: a range, or values that are listed."""
    if isinstance(node, nodes.Range):
        ends = {"first": node.first, "last": node.last, "step": node.step}
        closed = {
            name: None if end is None else closer.expression(end, place)
            for name, end in ends.items()
        }
        return rebuilt(node, **closed)
    if not isinstance(node, nodes.Call) or node.function.id not in SELECTING:
        return closer.expression(node, place)
    if _among_items(node):
        known = _selected_items(closer, node, place)
        if known is None:
            raise Disagree
        return known
    chosen = selected(closer, node, place)
    return nodes.List(tuple([closer.expression(one, place) for one in chosen]), node.span)


def _among_items(node: nodes.Call) -> bool:
    """Whether a ``pick`` or a ``permute`` selects among the items of one list."""
    return len(node.arguments) == (2 if node.function.id == "pick" else 1)


def _selected_items(closer: Closer, node: nodes.Call, place: Place) -> nodes.Expression | None:
    """The items that were selected of a list, written out; None where they cannot be."""
    lists = closer.values(node.arguments[-1].value, place)
    if len(lists) != 1:
        return None
    items = lists[0] if isinstance(lists[0], tuple) else (lists[0],)
    taken = selected_places(closer, node, place, len(items))
    return literal(Values([items[index] for index in taken]), node.span)


def _unrolled(
    closer: Closer, node: nodes.Call, place: Place, rows: list[tuple[Copy, ...]]
) -> nodes.Expression:
    """The copies written one after another, those in a row that are alike as ``n * layer``."""
    if len({len(row) for row in rows}) > 1:
        raise Disagree
    values = _values(closer, node, place, rows)
    made = [flow_of(_steps(closer, node, place, row, values), node.span) for row in rows]
    if len(distinct(made)) > 1:
        raise Disagree
    return made[0]


def _values(
    closer: Closer, node: nodes.Call, place: Place, rows: list[tuple[Copy, ...]]
) -> list[tuple[nodes.Expression, ...]]:
    """What the names of each copy are bound to, as it is written: its value, or where that differs
    what it is worked out from."""
    source = _source(closer, node.arguments[0].value, place)
    listed = source.items if isinstance(source, nodes.List) else ()
    width = len(counters(node))
    values: list[tuple[nodes.Expression, ...]] = []
    for index in range(len(rows[0])):
        found = {key_of(Values(row[index].values), 0) for row in rows}
        known = _written_each(rows[0][index].values, node.span) if len(found) == 1 else None
        values.append(_as_listed(listed, index, width) if known is None else known)
    return values


def _as_listed(
    listed: tuple[nodes.Expression, ...], index: int, width: int
) -> tuple[nodes.Expression, ...]:
    """What the names of a copy are bound to, as the text lists it. Raises Disagree where it does
    not."""
    item = listed[index] if index < len(listed) else None
    if width == 1 and item is not None:
        return (item,)
    if isinstance(item, nodes.List) and len(item.items) == width:
        return item.items
    raise Disagree


def _written_each(values: tuple[Any, ...], span: Span) -> tuple[nodes.Expression, ...] | None:
    """Values that copies are made for, written out; None where one cannot be."""
    found = [_written(value, span) for value in values]
    return None if None in found else tuple(one for one in found if one is not None)


def _steps(
    closer: Closer,
    node: nodes.Call,
    place: Place,
    row: tuple[Copy, ...],
    values: list[tuple[nodes.Expression, ...]],
) -> list[nodes.Expression]:
    names = counters(node)
    steps: list[tuple[nodes.Expression, Place]] = []
    for copy, bound in zip(row, values, strict=True):
        inner = place.at((copy.path,))
        for name, value in zip(names, bound, strict=True):
            inner = inner.naming(name, value)
        inner = inner._replace(constants=inner.constants | {*names})
        steps.append((node.arguments[1].value, inner))
    closed = _read(closer, steps)
    grouped = [list(group) for _, group in groupby(closed, expression_text)]
    return [_times(len(group), group[0], node.span) for group in grouped]


def _times(count: int, step: nodes.Expression, span: Span) -> nodes.Expression:
    number = literal(count, span)
    return step if count == 1 or number is None else nodes.Binary("*", number, step, span)


def _written(value: Any, span: Span) -> nodes.Expression | None:
    """A value that copies are made for, written out; None where that cannot be."""
    known = literal(value, span)
    if known is None and getattr(value, "unbound", None):
        return name_of(str(value), span)
    if type(value) is Closure:
        return expression_of(value.layer.span.text)
    return known
