"""Several tasks in a spec: their names, their results, and what is said where these do not fit."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.syntax.format import format_source

HEAD = """arch Heads {
  data  table(8)
  task  kind = classify(4)
  task  age = regress(2)
"""


def _spec(result: str, clauses: str = "") -> str:
    lets = "    let trunk = x -> linear(32) -> relu\n"
    return f"{HEAD}{clauses}  model {{\n{lets}    return {result}\n  }}\n}}\n"


FINE = "outputs(trunk -> linear(kind.classes), trunk -> linear(age.targets))"


def _only(text: str):
    (found,) = [one for one in archdsl.check(text).diagnostics if one.severity.name == "ERROR"]
    return found


def test_each_names_its_own_width() -> None:
    shown = archdsl.check(_spec(FINE))
    assert shown.ok
    source = archdsl.compile(_spec(FINE)).source
    assert "nn.Linear(32, kind_classes)" in source
    assert "age_targets: int = 2" in source


@pytest.mark.parametrize(
    ("result", "code", "message"),
    [
        (
            "trunk -> linear(kind.classes)",
            "E447",
            "the model gives 1 result, and there are 2 tasks: `kind`, `age`",
        ),
        (
            "outputs(trunk -> linear(4), trunk -> linear(2), trunk)",
            "E447",
            "the model gives 3 results, and there are 2 tasks: `kind`, `age`",
        ),
        (
            "outputs(trunk -> linear(4), trunk -> linear(3))",
            "E442",
            "`age = regress(2)` needs a vector of 2, result 2 is a vector of 3",
        ),
        (
            "outputs(trunk -> linear(5), trunk -> linear(2))",
            "E442",
            "`kind = classify(4)` needs a vector of 4, result 1 is a vector of 5",
        ),
        (
            "outputs(trunk -> linear(kind.targets), trunk -> linear(2))",
            "E201",
            "the task `kind` names no `targets`",
        ),
    ],
)
def test_what_does_not_fit_is_told_of_the_task_it_is_about(result, code, message) -> None:
    found = _only(_spec(result))
    assert (found.code, found.message) == (code, message)


def test_a_wrong_width_is_mended_where_it_stands() -> None:
    text = _spec("outputs(trunk -> linear(4), trunk -> linear(3))")
    found = _only(text)
    assert found.span.text == "linear(3)"
    assert found.fix is not None
    (edit,) = found.fix.edits
    assert (edit.span.text, edit.replacement) == ("3", "2")


def test_a_width_without_its_task_is_told_which_there_are() -> None:
    found = _only(_spec("outputs(trunk -> linear(classes), trunk -> linear(2))"))
    assert found.help == "there are several tasks, each names its own: `kind.classes`"


def test_an_unanswerable_task_is_marked_itself() -> None:
    text = _spec(FINE).replace("regress(2)", "regress(2, per=pixel)")
    found = _only(text)
    assert (found.code, found.span.text) == ("E441", "regress(2, per=pixel)")
    assert found.message.startswith("`age`: `per=pixel` does not fit")


@pytest.mark.parametrize("second", ["task classify(3)", "task age = classify(3)"])
def test_tasks_without_names_of_their_own_are_refused(second: str) -> None:
    found = _only(_spec(FINE, f"  {second}\n"))
    assert found.code == "E420"
    assert "several tasks of one model have names of their own" in found.help


def test_the_name_of_a_task_is_no_name_for_a_let() -> None:
    found = _only(_spec(FINE, "  let kind = 3\n"))
    assert found.code == "E207"


def test_the_weight_of_a_single_task_is_refused() -> None:
    text = "arch A {\n data table(8)\n task regress(1, weight=2)\n model = linear(targets)\n}"
    assert _only(text).code == "E449"


def test_they_are_formatted_with_their_names() -> None:
    text = _spec(FINE)
    assert "  task  kind = classify(4)\n  task  age = regress(2)\n" in format_source(text)
    assert format_source(format_source(text)) == format_source(text)


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ("kinds, ages", ""),
        ("kinds, train_only(trunk -> linear(4)), ages, train_only(trunk -> linear(2))", ""),
        ("kinds, ages, train_only((trunk -> linear(2)), weight=0.3)", ""),
        (
            "kinds, ages, train_only(trunk -> linear(4))",
            "`age = regress(2)` needs a vector of 2, result 3 is a vector of 4",
        ),
        (
            "kinds, train_only(ages), ages",
            "`kind = classify(4)` needs a vector of 4, result 2 is a vector of 2",
        ),
        (
            "kinds, train_only(kinds)",
            "the model gives 1 result, and there are 2 tasks: `kind`, `age`",
        ),
    ],
)
def test_a_body_returns_their_results_in_order(result: str, message: str) -> None:
    lets = "let kinds = trunk -> linear(kind.classes) let ages = trunk -> linear(age.targets) "
    text = _spec("x").replace("    return x", f"{lets} return {result}")
    assert [
        one.message for one in archdsl.check(text).diagnostics if one.severity.name == "ERROR"
    ] == ([message] if message else [])


def test_a_task_that_cannot_be_is_told_where_it_stands() -> None:
    text = _spec(FINE, "  task mask = classify(2, per=pixel)\n")
    found = _only(text)
    assert found.code == "E441"
    assert text[found.span.start : found.span.end] == "classify(2, per=pixel)"
