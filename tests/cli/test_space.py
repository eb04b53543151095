"""archdsl space and archdsl best"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import archdsl

LIMITED = """\
arch Limited {
  data  table(8)
  task  classify(10)
  require params <= 1k
  let width = 8 to 64 by 8
  let kind = relu | gelu
  model = linear(width) -> kind -> linear(classes)
}
"""


def test_the_page_tells_designs_metrics_and_choices(run):
    page = run("space", "-", input=LIMITED).stdout
    assert page.startswith("Limited: 16 designs, 12 valid (75.0%)\n")
    assert "require params <= 1k: 75.0% of the designs stay" in page
    (row,) = (line for line in page.splitlines() if line.startswith("params"))
    assert (row.split()[1], row.split()[-1]) == ("162", "922")
    (choice,) = (line for line in page.splitlines() if line.startswith("  width"))
    assert "56: none" in page
    assert "8: 16.7%" in choice
    assert all(len(line) <= 80 for line in page.splitlines())


def test_the_page_as_data_has_designs_that_compile(run):
    (page,) = json.loads(run("space", "-", "--format", "json", input=LIMITED).stdout)
    assert (page["fitting"], page["valid"]) == (16, 12)
    (params,) = (m for m in page["metrics"] if m["metric"] == "params")
    for end in ("least", "most"):
        compiled = archdsl.compile(LIMITED, design=params[end]["design"])
        assert compiled.params == params[end]["value"]
    (width,) = (c for c in page["choices"] if c["path"] == "width")
    assert [option["valid"] for option in width["options"]] == [2, 2, 2, 2, 2, 2, 0, 0]


LETS = [f"let w{n} = 1 to 9" for n in range(5)]
READ_TOGETHER = f"""arch R {{
  data table(20)
  task classify(10)
  {" ".join(LETS)}
  model = {" -> ".join(f"linear(w{n % 5})" for n in range(10))} -> linear(classes)
}}"""


@pytest.mark.slow
def test_a_space_that_takes_too_much_has_a_page_of_bounds_that_says_so(run):
    page = run("space", "-", "--bound", "work=4_000", input=READ_TOGETHER).stdout
    assert page.startswith("R: at most ")
    (row,) = (line for line in page.splitlines() if line.startswith("params"))
    assert row.split() == ["params", "59", "1,099", "bounded"]
    assert "(bounded: no design has less or more" in page
    asked = ("space", "-", "--bound", "work=4_000", "--format", "json")
    (found,) = json.loads(run(*asked, input=READ_TOGETHER).stdout)
    (params,) = (m for m in found["metrics"] if m["metric"] == "params")
    assert found["bounded"]
    assert params["known"] == "bounded"
    assert params["least"] == {"value": 59, "design": None}


@pytest.mark.slow
def test_a_metric_that_takes_too_much_is_seen_in_designs_drawn_and_says_so(run):
    many = LIMITED.replace("require params <= 1k", "").replace("64 by", "2048 by")
    page = run("space", "-", "--bound", "work=400_000", input=many).stdout
    (row,) = (line for line in page.splitlines() if line.startswith("min_width"))
    assert row.endswith("200 drawn")
    assert "(drawn: takes more than the work allowed to be proven" in page
    asked = ("space", "-", "--bound", "work=400_000", "--format", "json")
    (found,) = json.loads(run(*asked, input=many).stdout)
    known = {m["metric"]: (m["known"], m["drawn"]) for m in found["metrics"]}
    assert known["min_width"] == ("sampled", 200)
    assert known["params"] == ("proven", 0)


def test_what_is_seen_in_all_designs_is_proven(run):
    asked = ("space", "-", "--bound", "work=4_500", "--format", "json")
    for found in json.loads(run(*asked, input=LIMITED).stdout):
        assert {(m["known"], m["drawn"]) for m in found["metrics"]} == {("proven", 0)}


def test_bars_that_are_rough_say_how_rough(run):
    spec = Path(__file__).parents[2] / "specs/spaces/ofa_mobilenet_v3.arch"
    page = run("space", str(spec), "--by", "macs").stdout
    (row,) = (line for line in page.splitlines() if line.startswith("macs"))
    assert row.split()[-1].startswith("±0.")
    assert "(±: how far off the bars may be" in page
    (found,) = json.loads(run("space", str(spec), "--by", "macs", "--format", "json").stdout)
    assert 0 < found["metrics"][0]["histogram_within"] < 0.004


def test_one_metric_alone_can_be_asked_for(run):
    page = run("space", "-", "--by", "latency(mobile_cpu)", input=LIMITED).stdout
    assert "latency(mobile_cpu)" in page
    assert "macs" not in page


@pytest.mark.parametrize("command", ["space", "best"])
@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("parms", "--by parms: there is no metric called `parms`; did you mean `params`?"),
        ("latency", "--by latency: `latency` does not read like this; for instance `latency(t4)"),
        ("3", "--by 3: "),
        ("params } arch B { minimize macs", "is no metric"),
        ("params minimize macs", "is no metric"),
    ],
)
def test_what_is_no_metric_is_wrong_usage(run, command, metric, said):
    result = run(command, "-", "--by", metric, input=LIMITED)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "<metric>" not in result.stderr


def test_a_spec_without_choices_has_a_page_too(run):
    page = run("space", "good.arch").stdout
    assert page.startswith("Small: 1 design")


def test_the_best_come_in_order_and_are_all_there_is(run):
    lines = run("best", "-", "--by", "params", "-n", "20", input=LIMITED)
    values = [int(line.split()[0].replace(",", "")) for line in lines.stdout.splitlines()]
    assert values == sorted(values)
    assert len(values) == 12
    assert "there are no more than these 12" in lines.stderr
    largest = run("best", "-", "--by", "params", "--largest", input=LIMITED).stdout
    assert largest.startswith("922  ")


def test_the_best_as_data_have_units(run):
    asked = ("best", "-", "--by", "memory(training)", "--format", "json")
    (found,) = json.loads(run(*asked, input=LIMITED).stdout)
    assert found["unit"] == "bytes"
    assert archdsl.compile(LIMITED, design=found["design"]).params == 162


def test_where_no_design_is_valid_the_exit_code_says_so(run):
    none = LIMITED.replace("1k", "100")
    for command in (["best", "-", "--by", "params"], ["sample", "-"], ["check", "-"]):
        result = run(*command, input=none)
        assert result.exit_code == 4, command
        assert "162" in result.stderr
    assert run("space", "-", input=none).exit_code == 4
    assert run("count", "-", "--valid", input=none).stdout == "0\n"


def test_counting_the_valid_ones_asks_what_is_required(run):
    assert run("count", "-", input=LIMITED).stdout == "16\n"
    assert run("count", "-", "--valid", input=LIMITED).stdout == "12\n"


def test_sampling_goes_on_where_it_ended(run):
    all_of_them = run("sample", "-", "-n", "12", input=LIMITED).stdout.splitlines()
    first = run("sample", "-", "-n", "4", input=LIMITED)
    start = first.stderr.split("--start ")[1].split()[0]
    rest = run("sample", "-", "-n", "8", "--start", start, input=LIMITED).stdout.splitlines()
    assert first.stdout.splitlines() + rest == all_of_them


def test_a_space_without_designs_has_no_page_but_a_reason(run):
    empty = "arch E { data table(4) task classify(3) model = linear(4 | 5) }"
    told = run("space", "-", input=empty)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "E510" in told.stderr
    told = run("space", "-", "--format", "json", input=empty)
    (found,) = json.loads(told.stdout)
    assert (found["fitting"], told.exit_code) == (0, 1)


@pytest.mark.parametrize(
    "command", [("check",), ("count",), ("space",), ("best", "--by", "params"), ("sample",)]
)
def test_a_spec_without_choices_that_has_an_error_is_told_the_same_by_all(run, command):
    name, *options = command
    text = "arch A {\n  data table(8)\n  let width = 64 to 8\n  model = linear(width)\n}\n"
    found = run(name, "-", *options, input=text)
    assert found.exit_code == 1
    assert "E222" in found.output
    assert "E510" not in found.output
