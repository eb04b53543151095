"""Lists of values: written out, and indexed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.arithmetic import kind_of
from archdsl.evaluate.frames import Closure, Frame, Pending, Tensor, Values
from archdsl.evaluate.scalars import NOTHING, Constant, Scalar, Variable, beside, looked_up
from archdsl.syntax.bounds import raising

if TYPE_CHECKING:
    from collections.abc import Set

    from archdsl.evaluate.frames import Applicable
    from archdsl.evaluate.run import Run
    from archdsl.source import Span


class LayerItem(Constant):
    """A layer in a list: one that reads no names and chooses nothing, so it is the same wherever it
    is applied."""

    __slots__ = ()

    def __init__(self, layer: Applicable) -> None:
        super().__init__(Closure(layer, Frame({}, "", 0, 0)), layer.span)


class Listed(Scalar):
    """``[24, 32, 64]``"""

    __slots__ = ("beside", "items")

    def __init__(self, items: tuple[Scalar, ...], span: Span) -> None:
        super().__init__(span, NOTHING.union(*(item.free for item in items)))
        self.items = items
        self.beside = beside(items)

    def value(self, frame: Frame, run: Run) -> Values:
        pairs = zip(self.items, self.beside, strict=True)
        made = Values([run.value(item, frame, rest) for item, rest in pairs])
        for item, value in zip(self.items, made, strict=True):
            if isinstance(value, (Closure, Tensor)) and type(item) is not LayerItem:
                raise SpecError(holds_no_layers(item.span))
        if made.size > run.bounds.copies:
            raise SpecError(_too_long(run.bounds.copies, self.span))
        return made


class Index(Scalar):
    """``widths[2]``, ``widths[-1]``"""

    __slots__ = ("owner", "place")

    def __init__(self, owner: Scalar, place: Scalar, span: Span) -> None:
        super().__init__(span, owner.free | place.free)
        self.owner = owner
        self.place = place

    def value(self, frame: Frame, run: Run) -> Any:
        listed = as_listed(self.owner, frame, run, self.place.free)
        place = run.value(self.place, frame, self.owner.free)
        if not isinstance(listed, tuple):
            raise SpecError(_no_list(listed, self.owner.span))
        if type(place) is not int:
            raise SpecError(_no_place(place, self.place.span))
        if not -len(listed) <= place < len(listed):
            raise SpecError(_outside(self.owner.span, place, len(listed), self.place.span))
        return looked_up(listed[place], run)


def as_listed(scalar: Scalar, frame: Frame, run: Run, rest: Set[str] | None = None) -> Any:
    """The value of an expression; of a list that a name is bound to the items as they are bound:
    not all of them need be looked up."""
    if type(scalar) is not Variable:
        return run.value(scalar, frame, rest)
    bound = frame.env[scalar.name]
    return run.read(bound) if type(bound) is Pending else bound


def holds_no_layers(span: Span) -> Diagnostic:
    """The finding for a layer in a list."""
    return Diagnostic(
        "E210",
        "a list holds no layer that reads names, chooses or calls a block",
        span,
        needed="values, or ops with their numbers such as `relu` and `conv(64, 3)`",
        help='a text may say which of several is meant: `when(kind == "wide", cell(w), else=pool)`',
    )


def _too_long(limit: int, span: Span) -> Diagnostic:
    return Diagnostic(
        "E611",
        f"this list holds more than {limit:,} values",
        span,
        needed=f"at most {limit:,}, those in its rows counted",
        help=raising("copies"),
    )


def _no_list(found: Any, span: Span) -> Diagnostic:
    message = f"only a list has items, found {kind_of(found)}"
    return Diagnostic("E236", message, span, needed="a list, such as `[24, 32, 64]`")


def _no_place(found: Any, span: Span) -> Diagnostic:
    message = f"an item is asked for by a whole number, found {kind_of(found)}"
    return Diagnostic("E236", message, span, needed="a whole number: the first item is `[0]`")


def _outside(owner: Span, place: int, length: int, span: Span) -> Diagnostic:
    named = f"`{owner.text}`" if len(owner.text) <= 40 and "\n" not in owner.text else "the list"
    if not length:
        return Diagnostic("E237", f"{named} is empty, it has no item {place}", span)
    items = f"{length} item{'s' * (length != 1)}"
    needed = f"0 to {length - 1}, or from its end -1 to -{length}"
    return Diagnostic("E237", f"{named} has {items}, it has no item {place}", span, needed=needed)
