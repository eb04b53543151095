"""The compiler's stages in order."""

from __future__ import annotations

from archdsl import stages
from archdsl.source import Source
from tests.cli.conftest import GOOD


def work(text: str) -> stages.Work:
    return stages.Work(Source(text))


def test_the_stages_are_verbs_in_one_tuple():
    names = [stage.__name__ for stage in stages.STAGES]
    assert names == ["resolve", "select", "evaluate", "check", "emit"]


def test_each_stage_adds_what_it_made():
    done = stages.run(work(GOOD), stages.STAGES[:4])
    assert done.spec is not None
    assert done.program is not None
    assert done.evaluation is not None
    assert done.text == ""
    assert not done.failed


def test_the_first_stage_with_errors_is_the_last():
    done = stages.run(work(GOOD.replace("conv(16, 3)", "conv(16, 33, padding=0)")))
    assert done.failed
    assert done.program is not None
    assert done.evaluation is None


def test_a_rejected_design_emits_nothing():
    done = stages.run(work(GOOD.replace("linear(classes)", "linear(3)")))
    assert done.failed
    assert done.evaluation is not None
    assert done.text == ""


def test_a_literal_head_is_replaced_and_any_other_appended():
    for wrong, title in (
        ("linear(3)", "write `linear(10)`"),
        ("linear(2 + 1)", "end with `linear(10)`"),
    ):
        done = stages.run(work(GOOD.replace("linear(classes)", wrong)))
        (found,) = done.findings
        assert found.fix is not None
        assert found.fix.title == title
        (edit,) = found.fix.edits
        text = GOOD.replace("linear(classes)", wrong)
        fixed = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
        assert not stages.run(work(fixed), stages.STAGES[:4]).failed
