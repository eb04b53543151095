"""archdsl new: flags or questions in, a spec out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from archdsl import api
from archdsl.cli import exits
from archdsl.cli.commands import new
from archdsl.cli.group import archdsl

if TYPE_CHECKING:
    from pathlib import Path

TABLE = ("--kind", "table", "--size", "20", "--samples", "5000", "--targets", "1")
IMAGE = ("--kind", "image", "--size", "3x32x32", "--samples", "50000", "--classes", "10")


def run(*arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(archdsl, ["new", *arguments], input=input)


def test_the_spec_goes_to_stdout() -> None:
    result = run(*TABLE)
    assert result.exit_code == exits.CLEAN
    assert api.check(result.stdout).ok
    assert "arch Mlp {" in result.stdout
    assert "arch LinearBaseline {" in result.stdout


def test_the_reasons_stand_above_the_design() -> None:
    head = run(*IMAGE).stdout.partition("arch ")[0]
    for said in ("Why this family (ResNet)", "Why this size", "The ladder", "arXiv:1512.03385"):
        assert said in head


def test_tables_are_to_be_compared_with_gradient_boosting() -> None:
    assert "gradient boosting" in run(*TABLE).stdout


def test_an_existing_file_is_overwritten_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "model.arch"
    path.write_text("mine")
    refused = run(*TABLE, "-o", str(path))
    assert refused.exit_code == exits.USAGE
    assert "--force overwrites it" in refused.stderr
    assert path.read_text() == "mine"
    assert run(*TABLE, "-o", str(path), "--force").exit_code == exits.CLEAN
    assert "arch Mlp" in path.read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "--kind is missing"),
        (("--kind", "image"), "--size is missing"),
        (("--kind", "image", "--size", "3x32x32"), "--samples is missing"),
        (IMAGE[:6], "--classes (or --targets, --next-token) is missing"),
        (("--kind", "imag"), "did you mean `image`?"),
        (("--kind", "image", "--size", "32x32"), "CHANNELSxHEIGHTxWIDTH"),
        ((*IMAGE, "--targets", "1"), "one of --classes, --targets and --next-token"),
        ((*IMAGE[:6], "--next-token"), "--next-token needs --kind tokens"),
        ((*IMAGE, "--device", "mobile"), "did you mean `mobile_cpu`?"),
        ((*IMAGE, "--latency", "1ms"), "--latency needs --device"),
        ((*IMAGE, "--device", "t4", "--latency", "1GB"), "--latency takes something like 20ms"),
        ((*IMAGE, "--memory", "0GB"), "--memory is above 0"),
        ((*IMAGE, "--graphs"), "--graphs needs --kind graph"),
    ],
)
def test_what_is_missing_or_wrong_is_named(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == exits.USAGE
    assert message.lower() in result.stderr.lower()


def test_on_a_terminal_what_is_missing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new, "_at_terminal", lambda: True)
    result = run("--samples", "5000", input="table\n20\n3\nlaptop_cpu\n")
    assert result.exit_code == exits.CLEAN
    assert "table(20, samples=5000)" in result.stdout
    assert "classify(3)" in result.stdout
    assert "latency(laptop_cpu, batch=1) <= 100 ms" in result.stdout
    assert "Labelled samples" not in result.stderr


def test_a_wrong_answer_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new, "_at_terminal", lambda: True)
    result = run(input="tabel\ntable\n20\n-1\n5000\n0\n\n")
    assert result.exit_code == exits.CLEAN
    assert "did you mean `table`?" in result.stderr
    assert "regress(1)" in result.stdout


def test_limits_that_nothing_meets_leave_with_four_and_say_by_how_much() -> None:
    result = run(*IMAGE, "--device", "mobile_cpu", "--latency", "1us")
    assert result.exit_code == exits.UNSATISFIABLE
    assert result.stdout == ""
    assert "latency(mobile_cpu, batch=1) of" in result.stderr
    assert "where 1 us are allowed" in result.stderr
    assert "times as much" in result.stderr


def test_limits_are_kept() -> None:
    result = run(*IMAGE, "--device", "t4", "--latency", "200us", "--params", "30k")
    assert "require params <= 30_000" in result.stdout
    assert "require latency(t4, batch=1) <= 200 us" in result.stdout
    assert api.check(result.stdout).ok
