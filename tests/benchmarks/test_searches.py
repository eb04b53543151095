"""The benchmark of real searches: its data fit its specs, and its page tells what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import archdsl
from archdsl.api import judging_of, read
from benchmarks import searches, searches_page

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("case", searches.CASES, ids=lambda case: case.name)
def test_the_data_fit_the_space_and_the_design_by_hand(case: searches.Case, tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    from archdsl.runtime.live.data.given import given

    data = case.data(tmp_path)
    for arch in (case.arch, searches.USUAL):
        program = judging_of(read(case.text), arch).program
        assert given(data, program.clauses.data, program.clauses.task)
    assert archdsl.check(case.text).ok


def test_a_million_classifiers_of_digits_are_within_the_limit() -> None:
    digits = searches.CASES[0]
    assert archdsl.count(digits.text, valid=True, arch=digits.arch).low >= 10**6
    assert "require params <= 20k" in digits.text


def test_the_page_is_written_from_what_was_measured() -> None:
    page = searches_page.PAGE.read_text("utf-8")
    for name, runs in searches.kept().items():
        told = searches_page.CASES[name]
        for part in (searches_page._efforts, searches_page._designs):
            assert part(runs) in page
        assert searches_page._figures(told, runs) in page
        assert searches_page._margin(told, runs) in page


@pytest.mark.parametrize("name", searches.kept())
def test_what_a_search_finds_is_better_in_the_test_than_the_median_of_random_designs(
    name: str,
) -> None:
    runs = searches.kept()[name]
    assert all(one["random"] == searches.RANDOM for one in runs)
    assert searches_page._gain(searches_page.CASES[name], runs, "random_median") > 0
