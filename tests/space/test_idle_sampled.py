"""In spaces too large to compare all designs, choices that seem to change nothing are told as such,
and no choice that matters is."""

from __future__ import annotations

from pathlib import Path

import pytest

import archdsl
from archdsl.diagnostics import Severity
from archdsl.rules.config import Config
from archdsl.terms import Terms

SILENT = Terms(Config(select=("P601",)))
SPACES = sorted(Path("specs/spaces").glob("*.arch"))
MANY = "each(i = 1 to 8, linear(10 to 40) -> relu)"


def told(lets: str, model: str) -> list[archdsl.Diagnostic]:
    text = f"arch A {{\n  data table(8)\n  {lets}\n  model = {model} -> {MANY}\n}}\n"
    found = archdsl.check(text, terms=SILENT).diagnostics
    return [finding for finding in found if finding.code == "W516"]


@pytest.mark.parametrize(
    ("lets", "model"),
    [
        ("let a = 1 | 2", "linear(8, bias=a > 0)"),
        ("let a = 1 to 8", "linear(max(a, 8))"),
        ("let a = linear(8) | linear(8, bias=true)", "a"),
        ("", "linear(9) -> ((relu -> relu) | 2 * relu)"),
        ("let a = 1 to 8\n  let b = a + 1", "linear(max(b, 9))"),
    ],
)
def test_a_choice_that_seems_to_change_nothing_is_a_note(lets: str, model: str) -> None:
    (found,) = told(lets, model)
    assert found.severity is Severity.NOTE
    assert "seems to change nothing" in found.message
    assert found.notes == ("sampled: in 12 designs another option of it made the same network",)


@pytest.mark.parametrize(
    ("lets", "model"),
    [
        ("let a = 1 | 2", "linear(8, bias=a > 1)"),
        ("let a = 0.1 | 0.2", "dropout(a)"),
        ("let a = 1 | 2\n  require a > 1", "linear(8)"),
        pytest.param(
            "let a = 6k | 60k\n  require params <= a", "linear(8)", marks=pytest.mark.slow
        ),
        ("let a = 16 | 32\n  train adam(batch=a)", "linear(8)"),
        pytest.param("let a = 1 to 40\n  require 30 % a == 0", "linear(a)", marks=pytest.mark.slow),
    ],
)
def test_a_choice_that_matters_is_not_told(lets: str, model: str) -> None:
    assert not told(lets, model)


@pytest.mark.slow
@pytest.mark.parametrize("path", SPACES, ids=lambda path: path.stem)
def test_none_is_told_of_the_spaces_of_the_literature(path: Path) -> None:
    found = archdsl.check(path.read_text(), terms=SILENT).diagnostics
    assert not [finding for finding in found if finding.code == "W516"]
