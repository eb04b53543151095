"""--bound: work that is refused by default is done when asked for"""

from __future__ import annotations

import json
import re
import sys

import pytest

from archdsl.cli.bounding import EVALUATION, PARSE
from tests.architecture.sources import sources

TALL = "arch Tall {\n  data table(3)\n  model = 20_000 * relu\n}\n"
WIDE = "block ten() = 1_000 * relu\narch Wide {\n  data table(3)\n  model = 60 * ten\n}\n"
NESTED = f"arch Nested {{\n  data table(3)\n  model = {'(' * 70}relu{')' * 70}\n}}\n"
LONG = "# filler\n" * 130_000 + "arch Long {\n  data table(3)\n  model = relu\n}\n"


@pytest.mark.parametrize(
    ("text", "code", "bound"),
    [
        (TALL, "E604", "copies=20_000"),
        (WIDE, "E607", "judged=60000"),
        (NESTED, "E122", "nesting=100"),
        (LONG, "E120", "source_bytes=2_000_000"),
    ],
)
def test_a_bound_is_raised_by_name(run, text, code, bound):
    assert code in run("check", "-", input=text).stderr
    result = run("check", "--ignore", "P", "-", "--bound", bound, input=text)
    assert result.exit_code == 0, result.stderr


@pytest.mark.slow
def test_the_commands_that_evaluate_take_it(run):
    for command in ("compile", "count", "sample", "show"):
        assert run(command, "-", input=TALL).exit_code == 1
        assert run(command, "-", "--bound", "copies=20_000", input=TALL).exit_code == 0


def test_what_reads_a_spec_takes_it(run, folder):
    data = ["--data", "sklearn:iris"]
    more = {"baselines": data, "train": [*data, "-o", "kept"]}
    for command in ("fmt", "verify", "profile", "baselines", "train"):
        result = run(command, "good.arch", "--bound", "tokens=3", *more.get(command, []))
        assert result.exit_code == 1
        assert "E121" in result.stderr
        assert "--bound tokens=…" in result.stderr


def test_a_bound_may_be_lowered_too(run, folder):
    result = run("check", "--format", "json", "--bound", "nodes=3", "good.arch")
    assert [found["code"] for found in json.loads(result.stdout)] == ["E605"]


def test_several_bounds_may_be_given(run):
    bounds = ("--bound", "copies=20_000", "--bound", "nodes=100")
    assert "E605" in run("check", "-", *bounds, input=TALL).stderr


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ("node=3", "did you mean `nodes`?"),
        ("x=3", "there are calls, bodies,"),
        ("nodes", "takes a whole number above 0"),
        ("nodes=0", "takes a whole number above 0"),
        ("nodes=many", "takes a whole number above 0"),
    ],
)
def test_what_is_no_bound_is_wrong_usage(run, bound, said):
    result = run("check", "good.arch", "--bound", bound)
    assert result.exit_code == 2
    assert said in result.stderr


TABLE = "  data table(8)\n  task classify(2)\n"
PICKS = "pick(2, relu, tanh, sigmoid, gelu, silu, mish)"
# For each bound: a text that meets it where it is as low as the first number, not the second.
MET = {
    "calls": ("block f(n) = when(n > 0, f(n - 1), else=relu)\n@ f(9) -> linear(classes)", 5, 20),
    "bodies": ("block f(n) = linear(n)\n@ f(1) -> f(2) -> f(3) -> linear(classes)", 2, 10),
    "copies": ("@ 50 * relu -> linear(classes)", 40, 60),
    "nodes": ("@ 50 * relu -> linear(classes)", 40, 60),
    "effort": ("@ each(i = 1 to 50, linear(i)) -> linear(classes)", 40, 400),
    "magnitude": ("@ linear(30 * 4) -> linear(classes)", 100, 1000),
    "judged": ("@ 50 * relu -> linear(classes)", 40, 60),
    "options": (f"@ add({PICKS}, {PICKS}) -> linear(classes)", 20, 40),
    "digits": ("@ each(i = 1 to 99, relu | tanh | gelu) -> linear(classes)", 40, 60),
    "work": ("@ linear(1 to 30) -> linear(1 to 30) -> linear(classes)", 10, 4_000_000),
    "source_bytes": ("@ linear(classes)", 50, 500),
    "tokens": ("@ linear(classes)", 20, 50),
    "nesting": ("@ ((((relu)))) -> linear(classes)", 4, 20),
    "number_digits": ("@ linear(12345) -> linear(classes)", 4, 6),
    "name": ("@ hard_sigmoid -> linear(classes)", 8, 20),
    "string": ('use "./used.arch"\n@ linear(classes)', 8, 20),
    "errors": ("".join(f"block {n}() = linear(1,,2)\n" for n in "abcd") + "@ relu", 2, 20),
    "files": ('use "used.arch"\nuse "more.arch"\n@ linear(classes)', 1, 2),
    "used_bytes": ('use "used.arch"\nuse "more.arch"\n@ linear(classes)', 100, 1000),
}


def test_every_bound_is_met_here():
    assert MET.keys() == {*EVALUATION, *PARSE}


@pytest.mark.parametrize("bound", MET)
def test_a_message_names_the_flag_of_its_bound_and_raising_it_lifts_it(run, folder, bound):
    for name in ("used", "more"):
        (folder / f"{name}.arch").write_text(
            "# a comment to make it longer than it needs to be\n" * 2
        )
    text, low, high = MET[bound]
    head, _, model = text.partition("@")
    (folder / "met.arch").write_text(f"{head}arch Met {{\n{TABLE}  model ={model}\n}}\n")
    flag = f"--bound {bound}="

    def told(value: int) -> list[str]:
        result = run("check", "--format", "json", "met.arch", "--bound", f"{bound}={value}")
        assert result.exit_code in (0, 1), result.stderr
        return [found["code"] for found in json.loads(result.stdout) if flag in found["help"]]

    assert len(told(low)) == 1
    assert told(high) == []


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python nests on the machine's stack")
def test_calls_nest_as_deep_as_their_bound_says(run):
    text = MET["calls"][0].replace("f(9)", "f(900)").replace("@", f"arch Deep {{\n{TABLE}  model =")
    deepest = sys.getrecursionlimit()
    try:
        result = run("check", "--ignore", "P", "-", "--bound", "calls=1_000", input=text + "\n}\n")
        assert result.exit_code == 0, result.stderr
    finally:
        sys.setrecursionlimit(deepest)


def test_what_says_how_to_raise_a_bound_names_one_there_is():
    named = set()
    for file in sources(".py", under="archdsl/"):
        named |= set(re.findall(r"""raising\(["'](\w+)["']\)""", file.text))
        named |= set(re.findall(r"--bound (\w+)=", file.text))
    assert named - {"NAME"} == {*EVALUATION, *PARSE}


COUNTED = (
    f"arch Many {{\n{TABLE}  model = each(i = 1 to 9_999, relu | tanh) -> linear(classes)\n}}\n"
)


def test_a_number_of_any_length_is_printed(run):
    digits = ("--bound", "digits=5_000")
    text = "block ten() = each(i = 1 to 100, relu | tanh | gelu)\n" + COUNTED.replace(
        "9_999, relu | tanh", "100, ten"
    )
    assert "--bound digits=…" in run("count", "-", input=text).stderr
    most = sys.get_int_max_str_digits()
    try:
        result = run("count", "-", *digits, input=text)
        assert result.exit_code == 0, result.stderr
        assert int(result.stdout) == 3**10_000
        result = run("count", "--format", "json", "-", *digits, input=text)
        assert str(3**10_000) in result.stdout
    finally:
        sys.set_int_max_str_digits(most)


@pytest.mark.slow
def test_open_choices_are_told_of_one_by_one_up_to_a_bound(run, folder):
    result = run("compile", "--format", "json", "-", input=COUNTED)
    found = json.loads(result.stdout)
    assert {finding["code"] for finding in found} == {"E503"}
    assert [one["message"] for one in found[:3]] == [
        f"the choice `each.{i}` is open" for i in (1, 2, 3)
    ]
    assert found[3]["message"] == "9,996 more choices are open"
    assert found[3]["notes"][0] == "`each.4`: one of relu, tanh"
    assert (len(found[3]["notes"]), found[3]["notes"][-1]) == (18, "and 9,979 others")
    (folder / "design.json").write_text(json.dumps({f"each.{i}": "gelu" for i in range(1, 20_001)}))
    result = run("compile", "--format", "concise", "-", "--design", "design.json", input=COUNTED)
    assert result.exit_code == 1
    assert result.stderr.count("E502") == 21
