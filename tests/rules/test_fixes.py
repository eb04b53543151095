"""A fix leaves a spec that loads, and takes its finding away."""

from __future__ import annotations

import pytest

from archdsl.rules.config import Config
from tests.rules.literate import Section, after, judged, sections

FIXING = ("bias_before_norm", "dead_branch", "dense_attention_too_long", "no_regularisation")


def fixed(spec: str, slug: str) -> tuple[str, list[bool]]:
    """A spec with all fixes of a rule applied, and which of them are safe."""
    found = judged(spec, Config(select=(slug,)))
    fixes = [finding.fix for finding in found if finding.fix is not None]
    assert len(fixes) == len(found)
    return after(fixes), [fix.safe for fix in fixes]


def firing() -> list[Section]:
    found = [section for section in sections() if section.slug in FIXING and section.expected]
    return [section for section in found if section.fixed[:1] != ("no fix",)]


@pytest.mark.parametrize("section", firing(), ids=lambda s: f"{s.slug}: {s.title}")
def test_after_its_fix_a_finding_is_gone(section: Section) -> None:
    text, _ = fixed(section.spec, section.slug)
    assert judged(text, Config(select=(section.slug,))) == []


TABLE = "data table(8)\nmodel = {} -> batch_norm\n"
WRITTEN = [
    ("linear(4)", "linear(4, bias=false)"),
    ("linear(4, )", "linear(4, bias=false, )"),
    ("linear(features=4)", "linear(features=4, bias=false)"),
    ("linear(4, bias=true)", "linear(4, bias=false)"),
    ("linear(4, true)", "linear(4, false)"),
    ("linear(\n  4  # width\n)", "linear(\n  4, bias=false  # width\n)"),
]


@pytest.mark.parametrize(("before", "after"), WRITTEN)
def test_the_flag_is_written_into_the_call(before: str, after: str) -> None:
    text, safe = fixed(TABLE.format(before), "bias_before_norm")
    assert after in text
    assert safe == [False]
    assert judged(text, Config(select=("bias_before_norm",))) == []


@pytest.mark.parametrize(
    "spec",
    [
        "let on = true\ndata table(8)\nmodel = linear(4, bias=on) -> batch_norm\n",
        "data series(8, 8)\nmodel = conformer(4, kernel=3)\n",
        "block b(n) = linear(8) -> n\narch T {\ndata table(8)\nmodel = b(batch_norm) -> b(relu)}",
    ],
    ids=["a value", "a shipped block", "a line that needs it elsewhere"],
)
def test_a_flag_that_is_not_written_there_is_left_to_the_author(spec: str) -> None:
    (finding,) = judged(spec, Config(select=("bias_before_norm",)))
    assert finding.fix is None


def test_the_flag_is_written_where_the_layer_is_named() -> None:
    text, _ = fixed("let wide = linear(4)\n" + TABLE.format("wide"), "bias_before_norm")
    assert "let wide = linear(4, bias=false)" in text


def test_a_dead_let_goes_with_its_line_and_leaves_the_others() -> None:
    spec = "data table(8)\nmodel {\n  let a = linear(4)\n  let b = relu\n  return b\n}\n"
    text, safe = fixed(spec, "dead_branch")
    assert "model {\n  let b = relu\n  return b\n}" in text
    assert safe == [True]


def test_a_dead_let_beside_something_goes_alone() -> None:
    text, _ = fixed("data table(8)\nmodel { let a = linear(4) return relu }\n", "dead_branch")
    assert "model {  return relu }" in text


def test_a_dead_let_with_a_choice_is_no_safe_fix() -> None:
    spec = "data table(8)\nmodel {\n  let a = linear(4) | linear(8)\n  return relu\n}\n"
    assert fixed(spec, "dead_branch")[1] == [False]
