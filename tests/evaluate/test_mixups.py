"""What is mixed up often is told with what to write: commas between layers, names of metrics,
arguments of another clause, units, a clause given twice."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.cost import catalog
from archdsl.fixing import fix

SPEC = """arch A {{
  data image(3, 32, 32, samples=1_000_000)
  task classify(10)
{clauses}
  model = {model}
}}
"""
GOOD = "conv(16, 3) -> relu -> global_avg_pool -> linear(classes)"


def told(clauses: str = "", model: str = GOOD) -> archdsl.Diagnostic:
    text = SPEC.format(clauses=clauses, model=model)
    (found,) = [d for d in archdsl.check(text).diagnostics if d.code[0] == "E"]
    return found


def test_layers_parted_by_commas_are_put_in_a_row():
    text = SPEC.format(clauses="", model="conv(16, 3), relu, global_avg_pool, linear(classes)")
    assert fix(text, unsafe=True).text == SPEC.format(clauses="", model=GOOD)


@pytest.mark.parametrize("written", ["parameters <= 5M", "5M >= num_params"])
def test_a_metric_by_another_name_is_mended(written: str):
    text = SPEC.format(clauses=f"  require {written}", model=GOOD)
    mended = fix(text, unsafe=True)
    assert not [d for d in mended.report.diagnostics if d.code[0] == "E"]
    assert "params" in mended.text


def test_no_name_stands_for_two_metrics_nor_is_one():
    names = [name for metric in catalog.every() for name in metric.synonyms]
    assert len(names) == len(set(names)) > 10
    assert not set(names) & set(catalog.words())


def test_an_argument_of_another_clause_is_told_where_it_belongs():
    text = SPEC.replace("samples=1_000_000", "batch=32").format(clauses="", model=GOOD)
    (found,) = [d for d in archdsl.check(text).diagnostics if d.code[0] == "E"]
    assert found.code == "E402"
    assert found.help.startswith("`batch` is an argument of `train`: `train ")


@pytest.mark.parametrize(
    ("written", "metric"), [("params <= 5 MB", "weights_size"), ("macs <= 10 ms", "latency")]
)
def test_a_count_compared_with_a_unit_is_told_which_metrics_have_one(written: str, metric: str):
    found = told(f"  require {written}")
    assert found.code == "E226"
    assert metric in found.help


def test_a_clause_given_twice_is_deleted_with_its_line():
    text = SPEC.format(clauses="  task classify(10)", model=GOOD)
    assert fix(text, unsafe=True).text == SPEC.format(clauses="", model=GOOD).replace("\n\n", "\n")
