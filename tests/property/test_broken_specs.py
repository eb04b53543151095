"""Specs broken in one place: refused with the right code, at that place, never with a traceback.

A failure names the mutation and the seed: ``broken(mutation, seed)`` gives the text.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import pytest

import archdsl
from archdsl.diagnostics import Severity
from tests.property.authoring import spec
from tests.property.breaking import Broken, Mutation, all_mutations
from tests.property.breaking.anatomy import Anatomy
from tests.unjudged import UNJUDGED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.diagnostics import Diagnostic

EACH = 2  # specs broken in each way
MORE = 10  # of the slow test
TRIED = 600

mutations = pytest.mark.parametrize("mutation", all_mutations(), ids=lambda m: m.name)


def broken(mutation: Mutation, seed: int) -> Broken | None:
    """The spec of a seed, broken in one way; None where it has no place for that."""
    return mutation.write(Anatomy(spec(seed).text, Random(seed)))


def some(mutation: Mutation) -> Iterator[tuple[int, Broken]]:
    """Specs broken in one way, by seed. Which ones depends on the mutation's name alone."""
    start = sum(map(ord, mutation.name)) * 7
    for seed in range(start, start + TRIED):
        made = broken(mutation, seed)
        if made is not None:
            yield seed, made


def complaint(made: Broken, codes: frozenset[str]) -> str:
    """What is wrong with what is said of a broken spec; nothing when it is right."""
    report = archdsl.check(made.text, terms=UNJUDGED)
    errors = [found for found in report.diagnostics if found.severity is Severity.ERROR]
    if not errors:
        return "accepted"
    wrong = {found.code for found in errors} - codes
    if wrong:
        return f"{sorted(wrong)} instead of {sorted(codes)}: {report.render('concise')}"
    if not any(_points_there(found, made) for found in errors):
        return f"points elsewhere: {report.render('concise')}"
    return "" if report.render() and report.render("json") else "says nothing"


def _points_there(found: Diagnostic, made: Broken) -> bool:
    spans = [found.span, *(label.span for label in found.trail)]
    return any(
        span is not None
        and span.source.text == made.text
        and span.start <= made.end
        and made.start <= span.end
        and 0 <= span.start <= span.end <= len(made.text)
        for span in spans
    )


@mutations
def test_it_is_refused_with_the_right_code_where_it_is_wrong(mutation):
    cases = dict(islice(some(mutation), EACH))
    assert len(cases) >= EACH - 2, "too few specs have a place for this"
    refuse_complaints(mutation, cases)


@pytest.mark.slow
@mutations
def test_more_are_refused_with_the_right_code_where_they_are_wrong(mutation):
    refuse_complaints(mutation, dict(islice(some(mutation), EACH, MORE)))


def refuse_complaints(mutation: Mutation, cases: dict[int, Broken]) -> None:
    told = {seed: complaint(made, mutation.codes) for seed, made in cases.items()}
    assert {seed: words for seed, words in told.items() if words} == {}


@mutations
def test_a_fix_that_is_offered_removes_its_finding(mutation):
    for seed, made in islice(some(mutation), 4):
        told = archdsl.check(made.text, terms=UNJUDGED).diagnostics
        for found in told:
            if found.fix is None:
                continue
            left = archdsl.check(_fixed(made.text, found), terms=UNJUDGED).diagnostics
            same = [f for f in left if f.code == found.code and f.message == found.message]
            before = [f for f in told if f.code == found.code]
            assert len(same) < len(before), (seed, found)


def _fixed(text: str, found: Diagnostic) -> str:
    assert found.fix is not None
    for edit in sorted(found.fix.edits, key=lambda edit: -edit.span.start):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


@pytest.mark.slow
def test_compiling_refuses_what_checking_refuses():
    for mutation in all_mutations():
        for seed, made in islice(some(mutation), 2):
            with pytest.raises(archdsl.SpecError) as refused:
                archdsl.compile(made.text, terms=UNJUDGED)
            assert refused.value.diagnostics, (mutation.name, seed)


def spaces() -> list[str]:
    """Specs that have open choices."""
    drawn = [spec(seed) for seed in range(0, 360, 3)]
    return [one.text for one in drawn if "|" in one.text or " to " in one.text]


def test_a_choice_left_open_is_told_with_its_options():
    codes: Counter[str] = Counter()
    for text in spaces():
        try:
            archdsl.compile(text, terms=UNJUDGED)
        except archdsl.SpecError as refused:
            codes.update(found.code for found in refused.diagnostics)
    assert set(codes) == {"E503"}
    assert codes["E503"] > 50


def test_a_design_for_a_choice_that_does_not_exist_is_told():
    for seed in range(1, 60, 3):
        compiled = archdsl.compile(spec(seed).text, design={"stem.colour": 3}, terms=UNJUDGED)
        assert "W518" in [found.code for found in compiled.warnings]
