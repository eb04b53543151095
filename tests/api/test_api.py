"""The Python API."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import archdsl
from tests.cli.conftest import GOOD, SPACE
from tests.unjudged import UNJUDGED

WORDS = st.sampled_from(
    GOOD.split() + SPACE.split() + ["(", ")", "{", "}", "->", "|", "\n", "9" * 30]
)


def test_a_good_spec_is_ok():
    report = archdsl.check(GOOD)
    assert report.ok
    assert report.diagnostics == ()
    assert str(report) == ""


def test_a_bad_spec_is_a_report_and_no_exception():
    report = archdsl.check(GOOD.replace("linear(classes)", "linear(3)"), name="m.arch")
    assert not report.ok
    assert [found.code for found in report.diagnostics] == ["E442"]
    assert report.render("concise").startswith("m.arch:8:")
    assert report.render("json").startswith("[")
    assert str(report) == report.render("full")


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.lists(WORDS, max_size=40).map(" ".join)))
def test_check_never_raises(text):
    report = archdsl.check(text)
    for format in ("full", "concise", "json"):
        report.render(format)


def test_a_text_may_use_no_files(tmp_path):
    (tmp_path / "other.arch").write_text("block b() = relu\n")
    text = 'use "other.arch"\n' + GOOD
    assert not archdsl.check(text).ok
    assert archdsl.check(text, name=str(tmp_path / "main.arch"), root=tmp_path).ok


def test_limits_nobody_can_meet_are_told_apart():
    report = archdsl.check(GOOD.replace("  model {", "  require params <= 3\n  model {"))
    assert not report.ok
    assert report.unsatisfiable


def test_a_compiled_design_has_source_and_numbers():
    compiled = archdsl.compile(GOOD)
    assert compiled.name == "Small"
    assert "class Small(nn.Module)" in compiled.source
    assert (compiled.params, compiled.macs) == (4986, 304288)
    assert compiled.shapes == {
        "input": (1, 8, 8),
        "stem": (16, 8, 8),
        "body": (16, 8, 8),
        "output": (10,),
    }


def test_what_is_shown_at_a_prompt_is_short():
    assert repr(archdsl.compile(GOOD)) == "Compiled(Small: 4,986 parameters, 304,288 MACs)"
    assert repr(archdsl.check(GOOD)) == "Report(no findings)"
    wrong = GOOD.replace("linear(classes)", "linear(3)")
    assert repr(archdsl.check(wrong)) == "Report(1 error)"
    many = "arch A { data image(3, 32, 32) model = 24 * (conv(16, 3, bias=false) -> relu) }"
    assert repr(archdsl.check(many)) == "Report(1 error, 1 note)"


def test_a_design_is_chosen_by_path():
    compiled = archdsl.compile(SPACE, design={"width": 16, "choice": "tanh"})
    assert compiled.design == {"width": 16, "choice": "tanh"}
    older = {"width": 16, "choice": "tanh", "gone": 1}
    again = archdsl.compile(SPACE, design=older)
    assert again.design == compiled.design
    assert "W518" in [warning.code for warning in again.warnings]
    assert compiled.params == 8 * 16 + 16 + 16 * 2 + 2


def test_open_choices_are_an_error_that_lists_them():
    with pytest.raises(archdsl.SpecError, match="`width` is open"):
        archdsl.compile(SPACE)


def test_a_spec_with_errors_does_not_compile():
    with pytest.raises(archdsl.SpecError) as caught:
        archdsl.compile(GOOD.replace("relu", "rlu"))
    assert caught.value.diagnostics[0].code.startswith("E")


DEEP = "arch A { data image(3, 32, 32) model = 24 * (conv(16, 3, bias=false) -> relu) }"


def test_a_design_that_breaks_a_principle_is_rejected():
    assert "P301" in {found.code for found in archdsl.check(DEEP).diagnostics}
    with pytest.raises(archdsl.SpecError, match="P301: 24 weighted layers"):
        archdsl.compile(DEEP)


def test_the_principles_are_those_of_the_terms_or_of_the_project(tmp_path):
    assert archdsl.check(DEEP, terms=UNJUDGED).diagnostics == ()
    assert archdsl.compile(DEEP, terms=UNJUDGED).source
    (tmp_path / "pyproject.toml").write_text('[tool.archdsl]\nignore = ["P"]\n')
    assert archdsl.check(DEEP, root=tmp_path).ok
    (tmp_path / "pyproject.toml").write_text("[tool.archdsl]\nnonsense = 1\n")
    assert [f.code for f in archdsl.check(DEEP, root=tmp_path).diagnostics] == ["E810"]


def test_one_of_several_architectures_is_named():
    both = GOOD + GOOD.replace("Small", "Other")
    assert archdsl.compile(both, arch="Other").name == "Other"
    with pytest.raises(archdsl.SpecError, match="several architectures"):
        archdsl.compile(both)


def test_format_gives_the_canonical_layout():
    assert archdsl.format(GOOD.replace(" -> ", "->")) == GOOD
    with pytest.raises(archdsl.SpecError) as caught:
        archdsl.format("arch {", name="bad.arch")
    assert caught.value.diagnostics[0].span.source.name == "bad.arch"


def test_importing_archdsl_is_next_to_nothing():
    code = "import archdsl, sys; print(sorted(m for m in sys.modules if m.startswith('archdsl')))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "['archdsl']\n"


def test_all_names_can_be_had():
    for name in archdsl.__all__:
        assert getattr(archdsl, name) is not None
    assert set(archdsl.__all__) <= set(dir(archdsl))
    with pytest.raises(AttributeError, match="nonsense"):
        archdsl.nonsense  # noqa: B018


def test_the_module_is_the_source_executed():
    torch = pytest.importorskip("torch")
    compiled = archdsl.compile(GOOD)
    model = compiled.module()
    assert model(torch.zeros(2, 1, 8, 8)).shape == (2, 10)
    assert sum(p.numel() for p in model.parameters()) == compiled.params


def test_build_gives_the_module_of_a_file(tmp_path):
    torch = pytest.importorskip("torch")
    (tmp_path / "space.arch").write_text(SPACE)
    model = archdsl.build(tmp_path / "space.arch", design={"width": 16, "choice": "relu"})
    assert isinstance(model, torch.nn.Module)
    with pytest.raises(FileNotFoundError):
        archdsl.build(tmp_path / "missing.arch")
