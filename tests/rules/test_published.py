"""Designs that were published and work are not rejected, and each warning of one has its defence.

A spec of ``published/`` says in its first comment what it is; lines such as ``# P501: …`` tell why
an expert nods at the warning. Sizes are those of the data sets that the designs were trained on.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import archdsl
from archdsl.diagnostics import Severity

PUBLISHED = sorted((Path(__file__).parent / "published").glob("*.arch"))
DEFENCE = re.compile(r"^# (P\d{3}): \S", re.MULTILINE)
SINGLE_LAYERS = {"P705", "P707", "P710", "P711", "P712"}  # which say a thing of each layer


@cache
def report(path: Path) -> archdsl.Report:
    return archdsl.check(path.read_text(encoding="utf-8"))


def findings(path: Path, severity: Severity) -> list[str]:
    return [found.code for found in report(path).diagnostics if found.severity is severity]


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_design_is_not_rejected_and_its_warnings_are_defended(path: Path) -> None:
    assert findings(path, Severity.ERROR) == []
    defended = DEFENCE.findall(path.read_text(encoding="utf-8"))
    assert sorted(findings(path, Severity.WARNING)) == sorted(defended)


def test_notes_are_told_where_they_say_something_new() -> None:
    noted = [code for path in PUBLISHED for code in {*findings(path, Severity.NOTE)}]
    assert len(PUBLISHED) >= 90
    for code in {*noted} - SINGLE_LAYERS:
        assert noted.count(code) <= len(PUBLISHED) / 5, code
