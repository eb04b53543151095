"""Sound networks pass, unsound ones are named: no wrong verdict over the whole table."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.diagnostics import Severity
from tests.runtime_live.verdict_cases import BEYOND_PROBES, SOUND, UNSOUND, Case


def _cases(*tables: dict[str, Case]) -> list:
    return [
        pytest.param(case, id=name, marks=() if case.is_quick else pytest.mark.slow)
        for table in tables
        for name, case in table.items()
    ]


def _codes(case: Case) -> set[str]:
    found = archdsl.verify(case.text, seconds=500)
    return {one.code for one in found.findings if one.severity is not Severity.NOTE}


def test_the_table_has_thirty_of_each():
    assert min(len(SOUND), len(UNSOUND)) >= 30


@pytest.mark.parametrize("case", _cases(SOUND, BEYOND_PROBES))
def test_nothing_is_found_of_what_works_on_a_few_samples(case):
    assert _codes(case) == set()


@pytest.mark.parametrize("case", _cases(UNSOUND))
def test_what_a_probe_can_see_is_named(case):
    assert _codes(case) == case.codes
