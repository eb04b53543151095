"""Pictures of designs and of spaces, as functions give them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import archdsl
from tests.pictures.specs import ALL, RESIDUAL, SPACE, drawn

GOLDEN = Path(__file__).parent / "golden"
FORMS = {"svg": "svg", "mermaid": "mmd", "dot": "dot"}
DIGEST = """
import hashlib
from tests.pictures.specs import ALL, drawn
texts = [drawn(name, form) for name in ALL for form in ("svg", "dot")]
print(hashlib.sha256("".join(texts).encode()).hexdigest())
"""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ALL)
def test_the_picture_is_the_golden_one(name: str, form: str) -> None:
    """Run with UPDATE_GOLDEN=1 to write the pictures anew, and look at what has changed."""
    path, text = GOLDEN / f"{name}.{FORMS[form]}", drawn(name, form)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.slow
def test_the_picture_is_the_same_in_every_process() -> None:
    found = set()
    for seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", DIGEST]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        found.add(done.stdout)
    assert len(found) == 1


def test_of_a_space_the_alternatives_are_drawn() -> None:
    text = drawn("space", "dot")
    assert "one of 3" in text
    assert "narrow" in text
    assert "wide" in text
    assert "conv(width, 3 | 5)" in text
    assert "depth = 1 to 3" in text
    assert "× depth" in text
    assert "1 of 2" in text
    assert text.count("dashed") >= 3


def test_what_is_chosen_in_a_clause_makes_no_other_picture() -> None:
    head = "arch Trained { data table(4) task regress(1) train"
    model = "model = linear(8) -> relu -> linear(targets) }"
    space = archdsl.draw(f"{head} adamw(lr=1e-4 to 1e-2 log, batch=64 | 128) {model}", "dot")
    assert space == archdsl.draw(f"{head} adamw(lr=1e-3, batch=64) {model}", "dot")


def test_what_only_an_option_not_taken_reads_is_drawn() -> None:
    model = "let aside = linear(8) return linear(8) -> (relu | add(identity, aside))"
    text = archdsl.draw(f"arch Option {{ data table(4) model {{ {model} }} }}", "dot")
    assert "aside: linear(8)" in text
    assert "add" in text


def test_a_choice_of_nothing_is_drawn() -> None:
    blocks = "block b() = identity | relu\n"
    for model in ("b", "identity | relu"):
        text = archdsl.draw(f"{blocks}arch A {{ data table(4) model = {model} }}", "dot")
        assert "identity" in text
        assert "relu" in text


def test_a_design_of_a_space_is_drawn_without_them() -> None:
    design = archdsl.sample(SPACE, 1)[0]
    text = archdsl.draw(SPACE, "dot", design=design)
    assert "one of" not in text
    assert f"conv({design['width']}, {design['stem.conv.kernel']})" in text


def test_a_module_that_is_applied_again_says_so() -> None:
    text = drawn("inputs", "dot")
    assert text.count("same weights") == 1
    assert text.count("conv(8, 3)") == 1


def test_less_depth_draws_less() -> None:
    counts = [drawn("residual", "dot", depth=depth).count("conv(") for depth in (1, 2, 3)]
    assert counts == sorted(counts)
    assert counts[0] < counts[2]


def test_a_spec_that_is_wrong_raises_its_errors() -> None:
    with pytest.raises(archdsl.SpecError, match="E301"):
        archdsl.draw(RESIDUAL.replace("add(body, x)", "add(body, x -> max_pool(2))"))
    with pytest.raises(ValueError, match="no picture as 'png'; there are dot, html, mermaid, svg"):
        archdsl.draw(RESIDUAL, "png")


def test_a_long_row_is_drawn_from_both_ends() -> None:
    steps = " -> ".join(f"linear({size})" for size in range(4, 204))
    text = archdsl.draw(f"arch Long {{ data table(8) model = {steps} }}", "dot")
    assert "more steps" in text
    assert "linear(4)" in text
    assert "linear(203)" in text
    assert text.count("linear(") < 100
