"""Places of a text after edits, and which of its findings are the same as before."""

from __future__ import annotations

from random import Random

import pytest

from archdsl.diagnostics import Diagnostic, Edit, Fix, Severity
from archdsl.edited import Moved, difference, is_of
from archdsl.rendering.fixed import applied
from archdsl.source import Source, Span


@pytest.mark.parametrize("seed", range(200))
def test_what_is_not_edited_is_found_at_its_new_place(seed: int) -> None:
    chance = Random(seed)
    text = "".join(chr(0x4E00 + index) for index in range(60))  # each character once
    source, cuts = Source(text), sorted(chance.sample(range(61), 8))
    edits = [
        Edit(Span(source, start, end), chance.choice(("", "abc", "a")))
        for start, end in zip(cuts[::2], cuts[1::2], strict=True)
    ]
    after, moved = applied(text, edits), Moved(edits)
    for place, character in enumerate(text):
        inside = [edit for edit in edits if edit.span.start <= place < edit.span.end]
        if not inside:
            assert after[moved(place)] == character
        elif inside[0].replacement:
            assert after[moved(place) :].startswith(inside[0].replacement)


def found(
    source: Source, at: int, message: str = "m", severity: Severity = Severity.ERROR
) -> Diagnostic:
    return Diagnostic("E999", message, Span(source, at, at + 1), severity)


ONE = Source("abcdefgh")
OTHER = Source("abXXcdefgh")
MOVED = Moved([Edit(Span(ONE, 2, 2), "XX")])


@pytest.mark.parametrize(
    ("before", "after", "gone", "new"),
    [
        ([found(ONE, 4)], [found(OTHER, 6)], set(), 0),
        ([found(ONE, 4)], [found(OTHER, 6, "other words")], set(), 0),
        ([found(ONE, 4, "has 12")], [found(OTHER, 1, "has 13,000")], set(), 0),
        ([found(ONE, 4)], [found(OTHER, 4, "other words")], {0}, 1),
        ([found(ONE, 4, severity=Severity.NOTE)], [found(OTHER, 6)], {0}, 1),
        ([found(ONE, 4)], [found(OTHER, 6, severity=Severity.NOTE)], set(), 0),
        ([found(ONE, 4), found(ONE, 4, "n")], [found(OTHER, 6, "n")], {0}, 0),
        ([found(ONE, 4), found(ONE, 4)], [found(OTHER, 6)], {1}, 0),
        ([found(ONE, 4)], [], {0}, 0),
    ],
)
def test_findings_are_the_same_by_place_or_by_words(before, after, gone, new) -> None:
    change = difference(before, after, ONE, MOVED)
    assert (set(change.gone), len(change.new)) == (gone, new)


def test_where_something_was_fixed_what_is_said_now_is_new() -> None:
    change = difference([found(ONE, 4)], [found(OTHER, 6, "other words")], ONE, MOVED, [0])
    assert (set(change.gone), len(change.new)) == ({0}, 1)
    assert not change.betters([0], [found(ONE, 4)])


def test_what_is_milder_than_what_was_fixed_may_come() -> None:
    before = [found(ONE, 4)]
    change = difference(before, [found(OTHER, 1, "o", Severity.WARNING)], ONE, MOVED, [0])
    assert change.betters([0], before)
    assert len(change.new) == 1


def test_a_fix_of_another_text_is_told_from_one_of_this() -> None:
    fixes = [Fix("f", (Edit(Span(source, 0, 1), "x"),)) for source in (ONE, OTHER)]
    assert [is_of(fix, ONE) for fix in fixes] == [True, False]
    assert is_of(fixes[0], Source(ONE.text, ONE.name))
    assert not is_of(fixes[0], Source(ONE.text, "other.arch"))
