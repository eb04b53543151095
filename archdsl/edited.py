"""A text after edits: where its places have gone, and which of its findings were there before."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections import deque
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Sequence

    from archdsl.diagnostics import Diagnostic, Edit, Fix
    from archdsl.source import Source, Span

UNTOLD = "E126"  # stands where the errors begin that are not told, as there are too many
RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_NUMBER = re.compile(r"\d[\d_,.]*")  # costs that a fix changes stand in messages about other things


def is_of(fix: Fix, source: Source) -> bool:
    """Whether a fix changes this text and no other: none of the library, nor of a file used."""
    spans = (edit.span for edit in fix.edits)
    return all(span.source is source or _same(span.source, source) for span in spans)


def _same(one: Source, other: Source) -> bool:
    return one.name == other.name and one.text == other.text


def apart(fixes: Iterable[Fix]) -> list[int]:
    """Which of some fixes of one text touch none of those taken before them."""
    places: list[tuple[int, int]] = []
    taken = []
    for index, fix in enumerate(fixes):
        own = [(edit.span.start, edit.span.end) for edit in fix.edits]
        if all(_is_free(place, places) for place in own):
            taken.append(index)
            for place in own:
                insort(places, place)
    return taken


def _is_free(place: tuple[int, int], places: list[tuple[int, int]]) -> bool:
    """Whether a place touches none of some in order that touch each other at most."""
    after = bisect_left(places, place)
    before = places[after - 1][1] if after else -1
    behind = places[after][0] if after < len(places) else place[1] + 1
    return before < place[0] and place[1] < behind


class Moved:
    """Where the places of a text are after edits of it that do not overlap."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self.edits = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
        self.starts = [edit.span.start for edit in self.edits]
        grown = (len(e.replacement) - (e.span.end - e.span.start) for e in self.edits)
        self.shifts = [0, *accumulate(grown)]

    def __call__(self, offset: int) -> int:
        """Of what was replaced: where its replacement begins."""
        before = bisect_right(self.starts, offset)
        if before and offset < self.edits[before - 1].span.end:
            return self.starts[before - 1] + self.shifts[before - 1]
        return offset + self.shifts[before]


class Difference(NamedTuple):
    """What became of the findings of a text: those of it that are gone, as numbers, and those that
    were not there before."""

    gone: frozenset[int]
    new: tuple[Diagnostic, ...]

    def betters(self, fixed: Sequence[int], before: Sequence[Diagnostic]) -> bool:
        """Whether the findings that were fixed are gone, and nothing as bad as them has come."""
        worst = min(RANK[before[index].severity] for index in fixed)
        return self.gone.issuperset(fixed) and all(RANK[f.severity] > worst for f in self.new)


def difference(
    before: Sequence[Diagnostic],
    after: Sequence[Diagnostic],
    source: Source,
    moved: Callable[[int], int],
    fixed: Collection[int] = (),
) -> Difference:
    """The findings of a source and of its text after edits, compared.

    One is the same as another when it has the code and is no worse, and stands at the same place
    or says the same but for its numbers. Where something was ``fixed``, what is said there now and
    was not said before is new.
    """

    def place(span: Span | None) -> Hashable:
        if span is None:
            return None
        own = _same(span.source, source)
        return span.source.name, moved(span.start) if own else span.start

    told = [_Named(f.code, place(f.span), _NUMBER.sub("#", f.message)) for f in before]
    now = [_Named(f.code, _place(f.span), _NUMBER.sub("#", f.message)) for f in after]
    untold = [moved(f.span.start) for f in before if f.code == UNTOLD and f.span is not None]
    end = min(untold, default=None)
    left = set(range(len(before)))
    new = [index for index, f in enumerate(after) if not _is_behind(f, end, source)]
    for way in (_Named.whole, _Named.where, _Named.what):
        waiting: dict[Hashable, deque[int]] = {}
        for index in sorted(left.difference(fixed) if way is _Named.where else left):
            waiting.setdefault(way(told[index]), deque()).append(index)
        unmatched = []
        for index in new:
            same = waiting.get(way(now[index]))
            if same and RANK[before[same[0]].severity] <= RANK[after[index].severity]:
                left.remove(same.popleft())
            else:
                unmatched.append(index)
        new = unmatched
    return Difference(frozenset(left), tuple(after[index] for index in new))


def _is_behind(found: Diagnostic, end: int | None, source: Source) -> bool:
    """Whether a finding stands where nothing was told before, as too much was."""
    span = found.span
    if end is None or span is None or span.source.name != source.name:
        return False
    return span.start >= end


class _Named(NamedTuple):
    code: str
    place: Any
    message: str

    def whole(self) -> Hashable:
        return self

    def where(self) -> Hashable:
        return self.code, self.place

    def what(self) -> Hashable:
        return self.code, self.message


def _place(span: Span | None) -> Hashable:
    return None if span is None else (span.source.name, span.start)
