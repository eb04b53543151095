"""No model of the zoo is rejected, and what each is warned of is known.

Run with UPDATE_GOLDEN=1 to write zoo_findings.txt anew, and read what has changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archdsl.diagnostics import Severity
from tests.rules.specs import SPECS, found_in
from tests.thinning import mostly_slow

GOLDEN = Path(__file__).parent / "zoo_findings.txt"
ZOO = sorted((SPECS / "zoo").rglob("*.arch"), key=lambda path: path.stem)


def warnings() -> str:
    """The warnings that the zoo gets: a line each, `resnet50 P501 19.9 …; at most 10`."""
    return "".join(
        f"{path.stem} {finding.code} {finding.label}; {finding.needed}\n"
        for path in ZOO
        for finding in found_in(path)
        if finding.severity is Severity.WARNING
    )


@pytest.mark.parametrize("path", mostly_slow(ZOO, 3), ids=lambda path: path.stem)
def test_no_model_of_the_zoo_is_rejected(path: Path) -> None:
    errors = [finding for finding in found_in(path) if finding.severity is Severity.ERROR]
    assert [f"{error.code}: {error.message}" for error in errors] == []


@pytest.mark.slow
def test_the_zoo_is_warned_of_what_the_golden_file_says() -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(warnings(), encoding="utf-8")
    assert warnings() == GOLDEN.read_text(encoding="utf-8")
