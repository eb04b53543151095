"""Several of several, as one choice: so many of them, or all of them in some order."""

from __future__ import annotations

from itertools import combinations, permutations
from math import comb, factorial
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.arithmetic import kind_of
from archdsl.evaluate.frames import Values, key_of
from archdsl.evaluate.lists import as_listed
from archdsl.evaluate.points import ChoicePoint, Spellings, as_text
from archdsl.evaluate.scalars import NOTHING, Scalar
from archdsl.syntax.bounds import raising

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archdsl.evaluate.frames import Frame
    from archdsl.evaluate.run import Run
    from archdsl.source import Span

Places = tuple[int, ...]  # of what is selected, in order


class Subset:
    """``pick(k, a, b, c)``: k of several, in the order they are written."""

    __slots__ = ("free", "label", "labels", "points", "scalar", "span", "spellings")

    def __init__(
        self,
        label: str,
        scalar: Scalar,
        labels: tuple[str, ...],
        span: Span,
        spellings: Spellings | None = None,
    ) -> None:
        self.label = label
        self.scalar = scalar
        self.labels = labels
        self.span = span
        self.spellings = spellings
        self.free = scalar.free
        self.points: dict[int, tuple[ChoicePoint, tuple[Places, ...]]] = {}

    def subsets(self, frame: Frame, run: Run) -> tuple[ChoicePoint, tuple[Places, ...]]:
        """The choice point and, for each option, what it selects."""
        count, among = run.value(self.scalar, frame), len(self.labels)
        if type(count) is not int or not 1 <= count <= among:
            raise SpecError(_bad_pick(count, among, self.span))
        if comb(among, count) > run.bounds.copies:
            what = f"{count} of {among} can be picked"
            raise SpecError(_too_many(what, run.bounds.copies, self.span))
        if count not in self.points:
            run.listed(comb(among, count), self.span)
            subsets = tuple(combinations(range(among), count))
            self.points[count] = (_point(self, subsets), subsets)
        return self.points[count]

    def chosen(self, frame: Frame, run: Run) -> Places:
        point, subsets = self.subsets(frame, run)
        return subsets[run.ask(frame.path + self.label, point)]


class Order:
    """``permute(a, b, c)``: all of several, in some order."""

    __slots__ = ("free", "label", "labels", "orders", "span", "spellings")

    def __init__(
        self, label: str, labels: tuple[str, ...], spellings: Spellings, span: Span
    ) -> None:
        self.label = label
        self.labels = labels
        self.spellings = spellings
        self.span = span
        self.free = NOTHING
        self.orders: tuple[ChoicePoint, tuple[Places, ...]] | None = None

    def chosen(self, frame: Frame, run: Run) -> Places:
        if self.orders is None:
            among = len(self.labels)
            if factorial(among) > run.bounds.copies:
                what = f"{among} can be put in order"
                raise SpecError(_too_many(what, run.bounds.copies, self.span))
            run.listed(factorial(among), self.span)
            orders = tuple(permutations(range(among)))
            self.orders = _point(self, orders), orders
        point, orders = self.orders
        return orders[run.ask(frame.path + self.label, point)]


Selection = Subset | Order


class ValueRow:
    """Values that ``each`` makes copies for: those that a selection takes."""

    __slots__ = ("free", "selection", "span", "values")

    def __init__(self, selection: Selection, values: tuple[Scalar, ...], span: Span) -> None:
        self.selection = selection
        self.values = values
        self.span = span
        self.free = selection.free.union(*(value.free for value in values))

    def numbered(self, frame: Frame, run: Run) -> Iterable[tuple[Any, Any]]:
        """The values, each with what its copy is called by: 1, 2, …"""
        places = self.selection.chosen(frame, run)
        return enumerate([run.value(self.values[place], frame) for place in places], 1)


class Rows:
    """All items of a list, for each of which ``each`` makes a copy."""

    __slots__ = ("free", "listed", "span")

    def __init__(self, listed: Scalar) -> None:
        self.listed = listed
        self.span = listed.span
        self.free = listed.free

    def items(self, frame: Frame, run: Run) -> tuple[Any, ...]:
        """The items. Raises for what is no list."""
        found = as_listed(self.listed, frame, run)
        if isinstance(found, tuple) and len(found) <= run.bounds.copies:
            return found
        raise SpecError(_no_rows(found, self.span))

    def numbered(self, frame: Frame, run: Run) -> Iterable[tuple[Any, Any]]:
        """The items, each with what its copy is called by: 1, 2, …"""
        return enumerate(self.items(frame, run), 1)


class SelectedRows(Rows):
    """Some items of a list, or all of them in some order: ``pick(2, widths)``, ``permute(widths)``;
    ``count`` is how many are picked, None where they are put in order."""

    __slots__ = ("count", "label", "made", "selection")

    def __init__(self, listed: Scalar, count: Scalar | None, label: str, span: Span) -> None:
        super().__init__(listed)
        self.span = span
        self.count = count
        self.label = label
        self.free = listed.free | (count.free if count is not None else NOTHING)
        self.made: dict[Any, Selection] = {}

    def items(self, frame: Frame, run: Run) -> tuple[Any, ...]:
        """The items; of a value that is no list, that alone."""
        found = run.value(self.listed, frame)
        return found if isinstance(found, tuple) else (found,)

    def numbered(self, frame: Frame, run: Run) -> Iterable[tuple[Any, Any]]:
        items = self.items(frame, run)
        key = key_of(Values(items), 0)
        selection = self.made.get(key)
        if selection is None:
            selection = self.made[key] = self._selection(items)
        places = selection.chosen(frame, run)
        return enumerate([items[place] for place in places], 1)

    def _selection(self, items: tuple[Any, ...]) -> Selection:
        labels = tuple(map(_label, items))
        if len(set(labels)) < len(labels):
            raise SpecError(_twice(labels, self.span))
        if self.count is None:
            return Order(self.label, labels, Spellings(lambda: [labels]), self.span)
        return Subset(self.label, self.count, labels, self.span)


def _label(item: Any) -> str:
    """What a design calls an item of a list."""
    if isinstance(item, tuple):
        return f"[{', '.join(map(_label, item))}]"
    return as_text(item)


def _twice(labels: tuple[str, ...], span: Span) -> Diagnostic:
    found = next(one for place, one in enumerate(labels) if one in labels[:place])
    message = f"`{found}` is offered twice"
    return Diagnostic("E501", message, span, needed="a list whose items differ")


def _no_rows(found: Any, span: Span) -> Diagnostic:
    return Diagnostic(
        "E218",
        f"`each` goes through a list or a range, found {kind_of(found)}",
        span,
        needed="`[16, 24, 32]`, a name for such a list, or `1 to 3`",
    )


def _point(one: Subset | Order, selected: tuple[Places, ...]) -> ChoicePoint:
    """A choice among selections, each called by all that it selects: ``16 64``."""

    def joined(labels: Sequence[str]) -> tuple[str, ...]:
        return tuple(" ".join([labels[i] for i in places]) for places in selected)

    spellings = one.spellings
    if spellings is None:
        return ChoicePoint(joined(one.labels), one.span)
    others = Spellings(lambda: [joined(s) for s in spellings()])
    return ChoicePoint(joined(one.labels), one.span, others)


def _bad_pick(count: Any, among: int, span: Span) -> Diagnostic:
    return Diagnostic(
        "E230",
        f"cannot pick {count} of {among}",
        span,
        needed=f"`pick(k, …)` with k from 1 to {among}",
        help="nothing at all is `none`: `add(a, pick(1, b, c) | none)`" if count == 0 else "",
    )


def _too_many(what: str, limit: int, span: Span) -> Diagnostic:
    return Diagnostic(
        "E606",
        f"{what} in more than {limit:,} ways",
        span,
        needed=f"at most {limit:,} outcomes",
        help=raising("copies"),
    )
