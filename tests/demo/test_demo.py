"""What `make demo` shows is so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import archdsl

ROOT = Path(__file__).parents[2]
DIGITS = ROOT / "demo" / "digits.arch"


def test_the_classifier_of_digits_is_a_clean_spec_in_canonical_layout():
    text = DIGITS.read_text(encoding="utf-8")
    assert archdsl.check(text, name=DIGITS.name).ok
    assert archdsl.format(text) == text


def test_the_classifier_of_digits_is_small():
    compiled = archdsl.compile(DIGITS.read_text(encoding="utf-8"))
    assert compiled.params < 50_000
    assert compiled.shapes["input"] == (1, 8, 8)
    assert compiled.shapes["output"] == (10,)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_demo_runs_and_the_classifier_learns():
    ended = subprocess.run(
        [sys.executable, "demo/run.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "2×1000" in ended.stdout
    assert "25,557,032" in ended.stdout
