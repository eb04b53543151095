"""--bound: work that is refused by default is done when asked for"""

from __future__ import annotations

import json

import pytest

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


def test_the_commands_that_evaluate_take_it(run):
    for command in ("compile", "count", "sample"):
        assert run(command, "-", input=TALL).exit_code == 1
        assert run(command, "-", "--bound", "copies=20_000", input=TALL).exit_code == 0


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
