"""Choices that a newcomer may get wrong: each is told where it stands, with what is needed."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.fixing import Fixing
from archdsl.rules.config import Config
from archdsl.terms import Terms

SILENT = Terms(Config(select=("P601",)))


def told(clauses: str, model: str) -> dict[str, archdsl.Diagnostic]:
    text = f"arch A {{\n  data table(8)\n  {clauses}\n  model = {model}\n}}\n"
    return {one.code: one for one in archdsl.check(text, terms=SILENT).diagnostics}


@pytest.mark.parametrize(
    ("clauses", "model", "code", "place"),
    [
        ("let w = 4 | 8\n  require w <= (4 | 6)", "linear(w)", "E434", "4 | 6"),
        ("let w = 4 | 8\n  require any(w == (4 to 6))", "linear(w)", "E434", "4 to 6"),
        ("let w = width", "linear(w)", "E201", "width"),
        ("", "permute(relu)", "W516", "permute(relu)"),
        ("let w = 3 to 3", "linear(w)", "W516", "3 to 3"),
        ("let w = 1.0 to 8.0", "linear(w)", "W513", "1.0 to 8.0"),
        ("", "add(pick(3, relu, gelu))", "E230", "pick(3, relu, gelu)"),
        ("", "relu | none", "E235", "none"),
        ("", "a: relu | a: gelu", "E501", "gelu"),
        ("", "dropout(0.0 to 0.5 log)", "E222", "0.0 to 0.5 log"),
        ("let w = 8 to 2", "linear(w)", "E222", "8 to 2"),
        ("let w = 2 to 8 by 0", "linear(w)", "E222", "2 to 8 by 0"),
        ("", "linear(8) | 16", "E211", "16"),
        ("let w = pick(2, 8, 16)", "linear(w)", "E219", "pick(2, 8, 16)"),
        ("", "each(p = 0.1 to 0.5, dropout(p))", "E233", "0.1 to 0.5"),
        ("task classify(2 | 3)", "linear(classes)", "E409", "2 | 3"),
    ],
)
def test_it_is_told_where_it_stands_and_what_is_needed(
    clauses: str, model: str, code: str, place: str
) -> None:
    found = told(clauses, model)
    assert list(found) == [code]
    assert found[code].span is not None
    assert place in found[code].span.text
    assert found[code].needed


def test_a_number_of_a_continuous_choice_that_does_not_fit_is_named() -> None:
    found = told("let w = 1.0 to 8.0", "linear(w)")["W513"]
    assert found.message.startswith("not every number of `w` fits: linear: features=")
    assert "instance" in found.label


def test_an_option_that_is_a_misspelt_name_is_not_dropped() -> None:
    text = (
        "arch A { data table(8) let wide = 16 let w = wde | 8 model = linear(w) -> linear(wide) }"
    )
    found = archdsl.check(text, terms=SILENT).diagnostics[0]
    assert (found.code, found.help, found.fix) == ("W512", "did you mean `wide`?", None)
    assert "with it: nothing here is called `wde`" in found.notes
    assert Fixing(terms=SILENT).run(text).text == text
