"""The settings of a project."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import archdsl
from archdsl.diagnostics import Severity, SpecError
from archdsl.rules.config import Config
from archdsl.rules.project import checked, project_config
from archdsl.terms import Terms

GOOD = """
[tool.archdsl]
select = ["P3", "overcapacity"]
ignore = ["P302"]
allow = ["broken_identity"]
strict = true

[tool.archdsl.rules.deep_plain_network]
warning = 15
"""


def written(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text)
    return folder


def refused(folder: Path, text: str) -> list[tuple[str, str]]:
    """The message of each mistake, without the file's name, and its help."""
    with pytest.raises(SpecError) as caught:
        project_config(written(folder, text))
    found = caught.value.diagnostics
    assert {finding.code for finding in found} == {"E810"}
    return [(f.message.split("pyproject.toml ")[1], f.help) for f in found]


needs_toml = pytest.mark.skipif(sys.version_info < (3, 11), reason="tomllib is of 3.11")


@needs_toml
@pytest.mark.parametrize(
    ("slug", "settings", "data", "model"),
    [
        ("recurrence_too_long", {"error": 50}, "series(90, 8)", "gru(8)"),
        ("dense_attention_too_long", {"error": 50}, "series(90, 8)", "attention(4)"),
        (
            "attention_on_little_data",
            {"error": 1e6},
            "series(9, 8, samples=200_000)",
            "attention(4)",
        ),
        ("deep_plain_network", {"error": 5}, "table(8)", "8 * linear(8)"),
        ("deep_plain_network", {"error": 20, "warning": 40}, "table(8)", "27 * linear(8)"),
        ("oversmoothing", {"error": 2}, "graph(8, nodes=9, edges=9)", "3 * gcn(8)"),
    ],
)
def test_what_is_an_error_need_not_be_a_warning_first(slug, settings, data, model):
    text = f"arch Test {{ data {data} model = {model} }}"
    terms = Terms(Config(select=(slug,), rules={slug: settings}))
    (found,) = archdsl.check(text, terms=terms).diagnostics
    assert found.severity is Severity.ERROR
    assert found.amount is not None
    assert found.amount.threshold == settings["error"]


def test_the_nearest_file_above_is_read(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    written(tmp_path, GOOD)
    assert project_config(tmp_path / "a" / "b") == Config(
        select=("P3", "overcapacity"),
        ignore=("P302",),
        allow=("broken_identity",),
        strict=True,
        rules={"deep_plain_network": {"warning": 15}},
    )
    written(tmp_path / "a", "[project]\n")
    assert project_config(tmp_path / "a" / "b") == Config()


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'\n", "[tool.other]\n", "\xff["])
def test_a_file_that_does_not_speak_of_archdsl_is_not_even_parsed(tmp_path, text):
    assert project_config(written(tmp_path, text)) == Config()


@needs_toml
@pytest.mark.parametrize(
    ("setting", "message", "help"),
    [
        ("selct = []", "has an unknown setting `selct`", "did you mean `select`?"),
        ('select = "P3"', "has a `select` that is no list", 'write `select = ["P301"]`'),
        ('ignore = ["P0"]', "names a rule `P0` in `ignore`, and there is none", ""),
        ('allow = ["P3"]', "names a rule `P3` in `allow`", "did you mean `P"),
        ("strict = 1", "has a `strict` that is neither", ""),
        ("rules = 1", "has `rules` that are no table", "write"),
        ("rules.overcapacty.note = 1", "there is no such rule", "did you mean `overcapacity`?"),
        ("rules.overcapacity = 1", "has `overcapacity` as no table", "write"),
        ("rules.overcapacity.eror = 1", "has no such threshold", "did you mean `error`?"),
        ("rules.overcapacity.error = true", "to what is no number", ""),
        ('rules.overcapacity.error = "9"', "to what is no number", ""),
        ("rules.overcapacity.error = nan", "to nan", "thresholds are finite"),
        ("rules.overcapacity.error = inf", "to inf", "thresholds are finite"),
        ("rules.overcapacity.error = -1", "to -1", "thresholds are finite"),
    ],
)
def test_what_means_nothing_is_refused_with_a_guess(tmp_path, setting, message, help):
    ((found, way),) = refused(tmp_path, f"[tool.archdsl]\n{setting}\n")
    assert message in found
    assert way.startswith(help)


@needs_toml
def test_every_mistake_is_told_at_once(tmp_path):
    assert len(refused(tmp_path, "[tool.archdsl]\na = 1\nb = 2\n")) == 2


@needs_toml
def test_what_is_not_toml_is_refused(tmp_path):
    assert "is not TOML" in refused(tmp_path, "[tool.archdsl\n")[0][0]


@needs_toml
@pytest.mark.parametrize("text", ["tool = 1 # archdsl", "tool.archdsl = 1", "[[tool.archdsl]]"])
def test_a_section_that_is_no_table_is_refused(tmp_path, text):
    assert "that is no table" in refused(tmp_path, text)[0][0]


@needs_toml
def test_toml_nested_beyond_reason_is_refused(tmp_path):
    assert "is not TOML" in refused(tmp_path, "archdsl = " + "[" * 100_000)[0][0]


def test_what_is_no_path_has_no_settings():
    assert project_config(Path("a\0b")) == Config()


def test_without_a_reader_of_toml_settings_are_an_error_in_words(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tomllib", None)
    assert "Python 3.10 cannot read TOML" in refused(tmp_path, GOOD)[0][0]


def test_a_rule_is_named_by_code_prefix_or_slug():
    assert checked({"select": ["P301", "P", "deep_plain_network"]}).select
    with pytest.raises(SpecError, match="names a rule"):
        checked({"select": [""]})
