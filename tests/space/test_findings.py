"""What `check` says of spaces: proven, with a fix that has been tried where one is certain."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.diagnostics import Diagnostic, Severity
from archdsl.fixing import Fixing
from archdsl.rules.config import Config
from archdsl.terms import Terms

SILENT = Terms(Config(select=("P601",)))


def check(clauses: str, model: str, data: str = "table(8)", blocks: str = "") -> archdsl.Report:
    text = f"{blocks}\narch A {{\n  data {data}\n  {clauses}\n  model = {model}\n}}\n"
    return archdsl.check(text, terms=SILENT)


def only(clauses: str, model: str, data: str = "table(8)", blocks: str = "") -> Diagnostic:
    (found,) = check(clauses, model, data, blocks).diagnostics
    return found


def test_an_option_that_fits_no_design_is_told_with_the_reason() -> None:
    found = only("let k = 3 | 64", "conv(16, k, padding=0)", "image(1, 28, 28)")
    assert (found.code, found.message) == ("W512", "`k = 64` fits no design")
    assert found.span is not None
    assert found.span.text == "3 | 64"
    assert "proven for all designs" in found.notes
    assert any("kernel 64 does not fit" in note for note in found.notes)
    assert found.amount == (1, 2)


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("3 | 64", "3"),
        ("64 | 3", "3"),
        ("64 | 3 | 65", "3"),
        ("3 | 64 | 5", "3 | 5"),
        ("64 | 65 | 3 | 5", "3 | 5"),
        ("3 | 64 | 65 | 5", "3 | 5"),
    ],
)
def test_the_fix_drops_what_leads_nowhere_and_nothing_else(choice: str, left: str) -> None:
    text = f"arch A {{\n  data image(1, 28, 28)\n  let k = {choice}\n"
    text += "  model = conv(16, k, padding=0)\n}\n"
    fixed = Fixing(terms=SILENT).run(text).text
    assert f"let k = {left}\n" in fixed
    assert archdsl.check(fixed, terms=SILENT).diagnostics == ()
    before, after = archdsl.read_space(text), archdsl.read_space(fixed)
    assert before.count() == after.count()


def test_an_option_that_only_some_places_of_a_block_have_no_use_for_stays() -> None:
    block = "block unit(width) = conv(width, 3 | 9, padding=0)"
    model = "unit(8) -> max_pool(3) -> unit(8)"
    assert "W512" not in [f.code for f in check("", model, "image(1, 28, 28)", block).diagnostics]


def test_an_option_that_fits_but_is_in_no_valid_design_is_told() -> None:
    found = only("let w = 8 | 900\n  require params <= 500", "linear(w)")
    assert (found.code, found.message) == ("W512", "`w = 900` is in no valid design")


def test_combinations_that_cannot_be_are_counted() -> None:
    lets = "let width = 32 to 128 by 4\n  let heads = 1 to 12"
    found = only(lets, "linear(width) -> attention(heads)", "series(16, 8)")
    fitting = sum(1 for w in range(32, 129, 4) for h in range(1, 13) if w % h == 0)
    assert (found.code, found.severity) == ("W513", Severity.NOTE)
    assert found.message == f"{fitting} of 300 combinations fit"
    assert any("heads" in note for note in found.notes)


def test_a_requirement_that_excludes_nothing_is_a_note() -> None:
    found = only("let w = 8 | 16\n  require params <= 1M", "linear(w)")
    assert (found.code, found.severity) == ("W514", Severity.NOTE)
    assert found.amount == (2, 2)


def test_a_requirement_that_leaves_few_designs_says_what_share() -> None:
    lets = "\n  ".join(f"let w{i} = 8 to 64 by 8" for i in range(6))
    row = " -> ".join(f"linear(w{i})" for i in range(6))
    report = check(f"{lets}\n  require params <= 700", row)
    (few,) = (found for found in report.diagnostics if found.code == "W515")
    space = archdsl.read_space(
        f"arch A {{ data table(8) {lets} require params <= 700 model = {row} }}"
    )
    share = space.count(valid=True) / space.count()
    assert few.amount is not None
    assert few.amount.measured == pytest.approx(share, rel=1e-6)
    assert 0 < share < 0.001


@pytest.mark.parametrize("number", [1, 2])
def test_choices_that_nothing_reads_are_told(number: int) -> None:
    lets = "\n  ".join(f"let a{i} = 1 to 10_000" for i in range(number))
    found = check(lets, "linear(8)").diagnostics
    assert [one.code for one in found] == ["W516"] * number
    assert found[0].span is not None
    assert found[0].span.text == "1 to 10_000"


def test_a_choice_within_a_value_that_nothing_reads_is_told_by_its_text() -> None:
    (found,) = check("let a = (1 to 20) + 1", "linear(8)").diagnostics
    assert found.message == "the choice `(1 to 20) + 1` changes nothing: nothing reads it"


def test_a_choice_that_only_a_requirement_reads_is_read() -> None:
    assert "W516" not in [
        f.code for f in check("let a = 1 | 2\n  require a > 1", "relu").diagnostics
    ]


def test_no_valid_design_is_proven_and_the_nearest_is_told() -> None:
    report = check("let w = 0 | 64\n  require params <= 50", "linear(w)")
    (found,) = report.diagnostics
    assert report.unsatisfiable
    assert found.code == "E510"
    assert any("the nearest has 576, with w=64" in note for note in found.notes)


def test_requirements_that_only_together_leave_nothing_say_so() -> None:
    clauses = "let w = 8 | 64\n  require params <= 100\n  require w > 8"
    report = check(clauses, "linear(w)")
    assert report.unsatisfiable
    assert not report.ok


def test_a_requirement_inside_a_block_makes_designs_invalid_that_fit() -> None:
    block = """block unit(w) {
      require w <= 2 * x.features, "too steep"
      return linear(w)
    }"""
    text = f"{block}\narch A {{ data table(8) let w = 8 | 16 | 32 model = unit(w) }}"
    space = archdsl.read_space(text)
    assert (space.count(), space.count(valid=True)) == (3, 2)
    assert {design["w"] for design in space.designs()} == {8, 16}
