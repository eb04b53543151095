"""What `make demo` shows is so."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

import archdsl

ROOT = Path(__file__).parents[2]
DIGITS = ROOT / "demo" / "digits.arch"
WRITER = ROOT / "demo" / "writer.arch"
SPACE = ROOT / "demo" / "digits_space.arch"


def test_the_classifier_of_digits_is_a_clean_spec_in_canonical_layout():
    text = DIGITS.read_text(encoding="utf-8")
    assert archdsl.check(text, name=DIGITS.name).ok
    assert archdsl.format(text) == text


def test_the_writer_is_wrong_in_one_thing_and_its_fix_makes_it_sound():
    text = WRITER.read_text(encoding="utf-8")
    assert archdsl.format(text) == text
    assert [found.code for found in archdsl.check(text, name=WRITER.name).diagnostics] == ["P801"]
    done = archdsl.fix(text, name=WRITER.name, unsafe=True)
    assert "gpt_block" in done.text
    assert done.report.diagnostics == ()


def test_the_classifier_of_digits_is_small():
    compiled = archdsl.compile(DIGITS.read_text(encoding="utf-8"))
    assert compiled.params < 50_000
    assert compiled.shapes["input"] == (1, 8, 8)
    assert compiled.shapes["output"] == (10,)


def test_the_space_that_is_searched_is_in_canonical_layout_and_its_designs_are_smaller():
    text = SPACE.read_text(encoding="utf-8")
    assert archdsl.format(text) == text
    by_hand = archdsl.compile(DIGITS.read_text(encoding="utf-8")).params
    (most,) = re.findall(r"require params <= (\d+)k", text)
    assert int(most) * 1_000 < 0.75 * by_hand


@pytest.mark.slow
def test_the_space_that_is_searched_is_clean_and_as_large_as_it_is_told_to_be():
    text = SPACE.read_text(encoding="utf-8")
    assert archdsl.check(text, name=SPACE.name).ok
    one = "batch=32, epochs=12, lr=4e-3, schedule=cosine"
    trained = re.sub(r"batch=.* schedule=constant \| cosine", one, text)
    networks, trainings = archdsl.count(trained, valid=True).low, 2 * 3 * 2
    assert networks == 873_792
    told = f"{networks:,} other networks, each trained in {trainings} ways"
    assert told in (ROOT / "demo" / "run.py").read_text(encoding="utf-8")
    assert archdsl.count(text).low == trainings * archdsl.count(trained).low


@pytest.mark.parametrize(
    ("params", "test", "is_better"),
    [
        (10_000, 0.97, True),  # more right, and no larger
        (10_001, 0.97, False),  # larger
        (10_000, 0.96, False),  # the same
        (7_500, 0.955, True),  # smaller by a quarter, and within chance
        (7_501, 0.955, False),
        (5_000, 0.90, False),  # beyond chance
    ],
)
def test_what_is_found_is_better_where_it_tells_more_right_or_is_much_smaller(
    params: int, test: float, is_better: bool
):
    rival = searching().Rival
    by_hand = rival("by hand", 10_000, 0.97, 0.96, 1_000)
    assert rival("found", params, 0.97, test, 1_000).beats(by_hand) is is_better


def searching():
    """The module of the demo that searches."""
    spec = importlib.util.spec_from_file_location(
        "searching_of_the_demo", ROOT / "demo" / "searching.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_demo_runs_and_the_classifier_learns():
    ended = subprocess.run(
        [sys.executable, "demo/run.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "error[P801]" in ended.stdout
    assert "With that fix: no findings." in ended.stdout
    assert "2×1000" in ended.stdout
    assert "25,557,032" in ended.stdout
    assert "by hand, trained as found" in ended.stdout.rpartition("parameters\n")[2]
