"""Where the steps of several rows belong: one place for each part of the row that the spec writes.

Copies of a block may hold a part of a row several times, once or not at all, so that their rows
have other lengths. Steps belong together that come from one part of the source.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.layers import Layer, Repeated
from archdsl.graph.nodes import Chain, Repeat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.graph.nodes import Node
    from archdsl.source import Span

Rows = dict[int, list["Node"]]


class Place(NamedTuple):
    """A part of the source, and what each row has there; nothing, for some."""

    span: Span
    rows: Rows


class Copies(NamedTuple):
    """What a row has of a repeated part: copies written out, then ``again`` of ``step``."""

    first: list[list[Node]]
    again: int
    step: list[Node]

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.first) + self.again

    def peeled(self, number: int) -> Copies:
        """The same with so many copies written out."""
        more = number - len(self.first)
        return Copies([*self.first, *([self.step] * more)], self.again - more, self.step)


def steps_of(node: Node) -> list[Node]:
    """What stands in a row."""
    return list(node.steps) if isinstance(node, Chain) else [node]


def places(rows: Rows) -> list[Place] | None:
    """The places of the source that rows have steps of, in its order; None for rows whose steps
    stand in different orders."""
    parts = _outermost({step.span for steps in rows.values() for step in steps})
    found = [Place(part, {row: [] for row in rows}) for part in parts]
    starts = [_start(part) for part in parts]
    for row, steps in rows.items():
        at = 0
        for step in steps:
            here = bisect_right(starts, _start(step.span)) - 1
            if here < at:
                return None
            at = here
            found[here].rows[row].append(step)
    return found


def _outermost(spans: set[Span]) -> list[Span]:
    """The parts of the source that are inside of no other of them."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: (*_start(s), -s.end)):
        if not found or not is_within(span, found[-1]):
            found.append(span)
    return found


def _start(span: Span) -> tuple[str, int]:
    return span.source.name, span.start


def is_within(span: Span, part: Span) -> bool:
    """Whether a part of a source is inside of another."""
    return part.start <= span.start and span.end <= part.end and span.source == part.source


def copies_of(steps: list[Node], length: int) -> Copies | None:
    """The steps of a row as copies of a part with so many steps each; None where they are not."""
    last = steps[-1] if steps else None
    again, step = 0, steps[-length:]
    if isinstance(last, Repeat):
        steps, again, step = steps[:-1], last.count, steps_of(last.step)
    if len(steps) % length or len(step) not in (0, length):
        return None
    cut = [steps[at : at + length] for at in range(0, len(steps), length)]
    return Copies(cut, again, step) if again or not cut else Copies(cut[:-1], 1, cut[-1])


def repeats_around(thing: Any, part: Span, others: list[Span]) -> list[Repeated]:
    """The expressions for repeated layers that a part of the source is inside of, and other parts
    are not."""
    return [
        one
        for one in _layers(thing)
        if isinstance(one, Repeated)
        and is_within(part, one.span)
        and not any(is_within(other, one.span) for other in others)
    ]


def _layers(thing: Any) -> Iterator[Layer]:
    """A layer expression and all inside it, those that are only named left out."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (tuple, list)):
            waiting += one
        elif isinstance(one, Layer):
            yield one
            names = (name for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ()))
            waiting += [getattr(one, name) for name in names if name not in ("body", "memo")]
        elif hasattr(one, "layer"):
            waiting.append(one.layer)
