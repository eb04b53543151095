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


def sized(size: str) -> tuple[str, ...]:
    return (*IMAGE[:3], size, *IMAGE[4:])


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
        ((), "--kind (image, volume, series, tokens, table, graph), --size, --samples, --classes"),
        (("--kind", "image"), "--size (CHANNELSxHEIGHTxWIDTH), --samples, --classes"),
        (
            ("--kind", "image", "--size", "3x32x32"),
            "--samples, --classes (or --contrast, --dimension",
        ),
        (
            IMAGE[:6],
            "--classes (or --contrast, --dimension, --labels, --targets, --next-token) is missing",
        ),
        (("--kind", "imag"), "did you mean `image`?"),
        (("--kind", "video"), "there are image, volume, series"),
        (sized("32x32"), "the size of an image is CHANNELSxHEIGHTxWIDTH, not '32x32'"),
        (sized("3x0x32"), "'0' is not a whole number of at least 1"),
        (sized("3x-2x32"), "'-2' is not a whole number"),
        (sized("3x2.5x32"), "'2.5' is not a whole number"),
        (sized("3xMxM"), "'M' is not a whole number"),
        (sized("3x1000000000000x32"), "at most 1,000,000,000"),
        ((*IMAGE[:5], "1e30", *IMAGE[6:]), "'1e30' is not a whole number"),
        ((*IMAGE[:5], "9" * 40, *IMAGE[6:]), "is not a whole number"),
        ((*IMAGE[:5], "9" * 20, *IMAGE[6:]), "is too many: at most 1,000,000,000,000,000"),
        ((*IMAGE[:7], "1"), "'1' is not a whole number of at least 2"),
        ((*IMAGE[:7], "999999999999"), "is too many"),
        ((*IMAGE[:7], "100k"), "100,000 classes of 50,000 samples"),
        ((*IMAGE, "--params", "-5"), "--params takes something like 100k"),
        ((*IMAGE, "--params", "9" * 30), "--params is between 1 and"),
        ((*IMAGE, "--memory", "5M"), "--memory takes something like 8GiB"),
        ((*IMAGE, "--device", "t4", "--latency", "0.000001us"), "--latency is between 1 ns"),
        ((*IMAGE, "-o", "nowhere/model.arch"), "there is no folder nowhere"),
        ((*IMAGE, "-o", "."), ". is a folder; name a file in it"),
        (
            (*IMAGE, "--targets", "1"),
            "one of --classes, --contrast, --dimension, --labels, --targets and --next-token",
        ),
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
    result = run("--samples", "5000", input="table\n20\n3\nlaptop_cpu\n\n")
    assert result.exit_code == exits.CLEAN
    assert "table(20, samples=5000)" in result.stdout
    assert "classify(3)" in result.stdout
    assert "latency(laptop_cpu, batch=1) <= 100 ms" in result.stdout
    assert "Labelled samples" not in result.stderr


def test_a_wrong_answer_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new, "_at_terminal", lambda: True)
    result = run(input="tabel\ntable\n20\n-1\n5000\n0\n\n\n\n")
    assert result.exit_code == exits.CLEAN
    assert "did you mean `table`?" in result.stderr
    assert "regress(1)" in result.stdout


def test_limits_are_asked_for_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new, "_at_terminal", lambda: True)
    answers = "series\n50x6\n10k\n4\nt4\n5 parsecs\n30k, 50 ms 2 GiB\n"
    result = run(input=answers)
    assert result.exit_code == exits.CLEAN
    assert "limits are like 5M 20ms 8GiB" in result.stderr
    for limit in ("params <= 30_000", "latency(t4, batch=1) <= 50 ms", "memory(training) <= 2 GiB"):
        assert f"require {limit}" in result.stdout


def test_a_latency_is_asked_for_only_where_there_is_a_device(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(new, "_at_terminal", lambda: True)
    result = run(input="series\n50x6\n10k\n4\nnone\n20ms\n30k\n")
    assert result.exit_code == exits.CLEAN
    assert "a latency needs a device" in result.stderr


def test_the_next_token_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new, "_at_terminal", lambda: True)
    result = run(input="tokens\n64x500\n10k\nnext\n\n\n")
    assert "task  next_token()" in result.stdout


def test_a_dialogue_that_ends_early_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(new, "_at_terminal", lambda: True)
    result = run("-o", str(tmp_path / "model.arch"), input="table\n20\n")
    assert result.exit_code == exits.INTERRUPTED
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", ["3X32X32", "3 x 32 x 32", "3\u00d732\u00d732", "3,32,32"])
def test_numbers_are_read_as_people_write_them(size: str) -> None:
    plain = run(*IMAGE).stdout
    flags = ("--kind", "Image", "--size", size, "--samples", "50k", "--classes", "10")
    assert run(*flags).stdout == plain
    assert run(*IMAGE, "--device", "T4").stdout == run(*IMAGE, "--device", "t4").stdout


def test_a_written_spec_is_named_with_what_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "model.arch"
    result = run(*TABLE, "-o", str(path))
    assert result.stdout == ""
    assert result.stderr == f"wrote {path}\nnext: archdsl show {path} --arch Mlp\n"


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
