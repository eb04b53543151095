"""Files of every kind, where a spec or a command line names them: nothing waits or fills memory."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archdsl.fixing import Fixing
from tests.hostile.children import archdsl as measured
from tests.thinning import mostly_slow

if TYPE_CHECKING:
    from collections.abc import Callable

MODEL = "arch A {\n  data table(4)\n  task classify(2)\n  model = linear(classes)\n}\n"
BOM = b"\xef\xbb\xbf"
IS_ROOT = os.name == "posix" and os.geteuid() == 0
HUGE = 1 << 43  # sparse: eight terabytes on no disk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "good.arch").write_text(MODEL)
    return tmp_path


def run(
    folder: Path, *arguments: str, stdin: Any = subprocess.DEVNULL
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "archdsl", *arguments],
        cwd=folder,
        stdin=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(HUGE)


def chain(path: Path, length: int) -> None:
    """A link to a link, and so on, to a file in the end."""
    path.with_name("end.arch").write_text("block end() = relu\n")
    for number in range(length):
        before = "end.arch" if number == 0 else f"link{number - 1}.arch"
        name = path.name if number == length - 1 else f"link{number}.arch"
        path.with_name(name).symlink_to(before)


USED: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "a pipe": (os.mkfifo, "E701", "is a pipe"),
    "a folder": (lambda path: path.mkdir(), "E701", "is a folder"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "E701", "symbolic links"),
    "a chain of 60 links": (lambda path: chain(path, 60), "E701", "symbolic links"),
    "a link to a device": (lambda path: path.symlink_to("/dev/zero"), "E703", "of this project"),
    "a link out": (lambda path: path.symlink_to("/etc/passwd"), "E703", "of this project"),
    "a huge file": (sparse, "E120", "--bound source_bytes=…"),
    "no file": (lambda path: None, "E701", "no such file"),
    "other than UTF-8": (lambda path: path.write_bytes(b"\n# \xff"), "E705", "line 2"),
}


@pytest.mark.parametrize("kind", USED)
def test_what_is_no_file_to_use_is_a_finding_at_once(folder, kind):
    make, code, told = USED[kind]
    make(folder / "used.arch")
    (folder / "spec.arch").write_text('use "used.arch"\n' + MODEL)
    ended = measured("check", "--format", "json", "spec.arch", folder=folder)
    (found,) = json.loads(ended.written)
    assert (ended.code, found["code"]) == (1, code)
    assert told in found["message"] + found["help"]
    assert ended.megabytes < 200


def test_a_short_chain_of_links_leads_to_its_file(folder):
    chain(folder / "used.arch", 5)
    (folder / "spec.arch").write_text(
        'use "used.arch"\n' + MODEL.replace("linear", "end -> linear")
    )
    assert run(folder, "check", "spec.arch").returncode == 0


def test_a_file_is_read_once_however_many_name_it(folder):
    (folder / "base.arch").write_text("block base() = relu\n")
    (folder / "same.arch").symlink_to("base.arch")
    os.link(folder / "base.arch", folder / "hard.arch")
    (folder / "left.arch").write_text('use "base.arch"\nblock left() = base\n')
    (folder / "right.arch").write_text('use "./base.arch"\nuse "hard.arch"\nblock right() = base\n')
    uses = "".join(f'use "{name}.arch"\n' for name in ("left", "right", "same", "base", "left"))
    (folder / "spec.arch").write_text(
        uses + MODEL.replace("linear", "left -> right -> base -> linear")
    )
    ended = run(folder, "check", "spec.arch")
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_circle_of_files_is_told_at_the_use_that_closes_it(folder, length):
    for number in range(length):
        (folder / f"f{number}.arch").write_text(f'use "f{(number + 1) % length}.arch"\n')
    (folder / "spec.arch").write_text('use "f0.arch"\n' + MODEL)
    found = json.loads(run(folder, "check", "--format", "json", "spec.arch").stdout)
    assert [finding["code"] for finding in found] == ["E704"]
    assert "third file" in found[0]["needed"]
    assert found[0]["span"]["file"].endswith(f"f{length - 1}.arch")


def test_files_used_in_a_row_end_at_their_bound(folder):
    for number in range(300):
        (folder / f"f{number}.arch").write_text(f'use "f{number + 1}.arch"\n')
    (folder / "f300.arch").write_text("")
    (folder / "spec.arch").write_text('use "f0.arch"\n' + MODEL)
    ended = run(folder, "check", "spec.arch")
    assert ended.returncode == 1
    assert "E706" in ended.stderr
    assert "--bound files=…" in ended.stderr
    assert run(folder, "check", "spec.arch", "--bound", "files=301").returncode == 0


@pytest.mark.slow
def test_files_used_are_bounded_together(folder):
    for number in range(6):
        (folder / f"f{number}.arch").write_text("# filler\n" * 100_000)
    uses = "".join(f'use "f{number}.arch"\n' for number in range(6))
    (folder / "spec.arch").write_text(uses + MODEL)
    ended = run(folder, "check", "spec.arch")
    assert ended.returncode == 1
    assert "E706" in ended.stderr
    assert "--bound used_bytes=…" in ended.stderr
    assert run(folder, "check", "spec.arch", "--bound", "used_bytes=9_000_000").returncode == 0


def test_a_byte_order_mark_makes_no_difference_anywhere(folder):
    (folder / "used.arch").write_bytes(BOM + b"block one() = relu\n")
    spec = 'use "used.arch"\n' + MODEL.replace("linear", "one -> linear")
    (folder / "spec.arch").write_bytes(BOM + spec.encode())
    (folder / "design.json").write_bytes(BOM + b"{}")
    for command in (["check"], ["compile", "--design", "design.json"], ["show"], ["count"]):
        ended = run(folder, *command, "spec.arch")
        assert ended.returncode == 0, ended.stderr
    with (folder / "spec.arch").open("rb") as stdin:
        assert run(folder, "check", "--bound", "files=1", "-", stdin=stdin).stderr.count("E702")
    code = (
        "import archdsl, pathlib; text = pathlib.Path('good.arch').read_text()\n"
        "assert archdsl.check(chr(0xfeff) + text).ok\n"
        "assert archdsl.format(chr(0xfeff) + text) == archdsl.format(text)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)


def test_a_mark_is_not_counted_where_fixes_are_applied(folder):
    wrong = MODEL.replace("classes)", "7)")
    (folder / "spec.arch").write_bytes(BOM + wrong.encode())
    ended = run(folder, "check", "--unsafe-fixes", "spec.arch")
    assert ended.returncode == 0, ended.stderr
    assert "model = linear(2)" in (folder / "spec.arch").read_text()
    fixed = Fixing(unsafe=True).run("\ufeff" + wrong)
    assert fixed.report.ok
    assert "model = linear(2)" in fixed.text


@pytest.mark.parametrize("kind", ["a link to itself", "a chain of 60 links", "a folder of none"])
def test_a_path_that_cannot_be_read_is_one_line(folder, kind):
    path = folder / "path.arch"
    (USED[kind][0] if kind in USED else USED["a folder"][0])(path)
    ended = run(folder, "check", "path.arch")
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1


def test_a_device_without_end_is_read_as_far_as_a_spec_may_go(folder):
    ended = measured("check", "/dev/zero", folder=folder)
    assert ended.code == 1
    assert ended.megabytes < 200


def test_settings_that_are_no_settings_are_told(folder):
    (folder / "pyproject.toml").unlink()
    sparse(folder / "pyproject.toml")
    ended = measured("check", "good.arch", folder=folder)
    assert ended.code == 1
    assert "is larger than what is read" in ended.written
    assert ended.megabytes < 200


@pytest.mark.parametrize(
    ("make", "code"),
    [(sparse, 2), (lambda path: path.symlink_to(path.name), 2), (lambda path: path.mkdir(), 2)],
    ids=["a huge file", "a link to itself", "a folder"],
)
def test_an_output_that_cannot_be_ours_is_left_alone(folder, make, code):
    make(folder / "out.py")
    before = os.lstat(folder / "out.py")
    for more in ((), ("--force",), ("--check",)):
        ended = measured("compile", "good.arch", "-o", "out.py", *more, folder=folder)
        assert ended.code == code
        assert len(ended.written.splitlines()) == 1, ended.written
        assert ended.megabytes < 200
    after = os.lstat(folder / "out.py")
    assert (before.st_ino, before.st_size) == (after.st_ino, after.st_size)


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/full"])
def test_a_device_is_written_to_and_neither_read_nor_replaced(folder, device):
    (folder / "out").symlink_to(device)
    ended = measured("compile", "good.arch", "-o", "out", folder=folder)
    assert ended.code == (2 if device == "/dev/full" else 0), ended.written
    assert ended.megabytes < 200
    assert stat.S_ISCHR(Path(device).stat().st_mode)
    assert (folder / "out").is_symlink()


def test_a_pipe_takes_what_is_compiled(folder):
    os.mkfifo(folder / "pipe")
    with subprocess.Popen(["cat", "pipe"], cwd=folder, stdout=subprocess.PIPE) as reader:
        assert run(folder, "compile", "good.arch", "-o", "pipe").returncode == 0
        written, _ = reader.communicate(timeout=60)
    assert written.decode() == run(folder, "compile", "good.arch").stdout


def test_a_spec_or_design_is_never_written_over(folder):
    (folder / "design.json").write_text("{}")
    (folder / "link.py").symlink_to("good.arch")
    for output in ("good.arch", "./good.arch", "link.py", "design.json"):
        for more in ((), ("--force",)):
            given = ["good.arch", "--design", "design.json", "-o", output, *more]
            ended = run(folder, "compile", *given)
            assert ended.returncode == 2
            assert len(ended.stderr.splitlines()) == 1
    assert (folder / "good.arch").read_text() == MODEL
    assert (folder / "design.json").read_text() == "{}"


@pytest.mark.skipif(IS_ROOT and not shutil.which("setpriv"), reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_one_line(folder):
    (folder / "out").mkdir(mode=0o555)
    (folder / "secret.arch").write_text(MODEL)
    (folder / "secret.arch").chmod(0)
    (folder / "spec.arch").write_text('use "secret.arch"\n' + MODEL)
    without = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"] if IS_ROOT else []
    base = [*without, sys.executable, "-m", "archdsl"]
    for command, code, told in (
        (["compile", "good.arch", "-o", "out/model.py"], 2, "cannot write out/model.py"),
        (["init", "out"], 2, "cannot write out/model.arch"),
        (["check", "secret.arch"], 2, "cannot read secret.arch"),
        (["check", "--format", "concise", "spec.arch"], 1, 'cannot read "secret.arch"'),
    ):
        ended = subprocess.run(
            [*base, *command], cwd=folder, capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.returncode == code
        assert f"{told}: permission denied" in ended.stderr.lower()
        assert "Traceback" not in ended.stderr


ONE_LINE = {
    "no path": ["check", ""],
    "no file to compile": ["compile", ""],
    "no file to format": ["fmt", ""],
    "stdin for two things": ["compile", "-", "--design", "-"],
    "no output": ["compile", "good.arch", "-o", ""],
    "no design": ["compile", "good.arch", "--design", ""],
    "a design with a key twice": ["compile", "good.arch", "--design", "twice.json"],
    "a design with a key twice inside": ["compile", "good.arch", "--design", "inside.json"],
    "a choice given twice": ["compile", "good.arch", "--choose", "a=1", "--choose", "a=2"],
    "a number of 9,000 digits": ["compile", "good.arch", "--design", "digits.json"],
}


@pytest.mark.parametrize("kind", ONE_LINE)
def test_wrong_usage_is_told_in_one_line(folder, kind):
    (folder / "twice.json").write_text('{"a": 1, "a": 2}')
    (folder / "inside.json").write_text('{"a": {"b": 1, "b": 1}}')
    (folder / "digits.json").write_text('{"a": ' + "9" * 9_000 + "}")
    ended = run(folder, *ONE_LINE[kind])
    told = [line for line in ended.stderr.splitlines() if not line.startswith(("Usage", "Try"))]
    assert (ended.returncode, len([line for line in told if line])) == (2, 1), ended.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "0>/dev/null"])
@pytest.mark.parametrize(
    "command", mostly_slow(["check -", "compile -", "check good.arch", "fmt -", "new"], 2)
)
def test_streams_that_are_closed_are_no_fault_of_ours(folder, command, closed):
    shell = f'exec "$0" -m archdsl {command} {closed}'
    ended = subprocess.run(
        ["sh", "-c", shell, sys.executable],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode in (0, 1, 2)
    assert "Traceback" not in ended.stderr
    assert "bug" not in ended.stderr
    if closed == "<&-" and "-" in command.split():
        assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
