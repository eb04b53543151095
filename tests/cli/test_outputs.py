"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archdsl.cli.outputs import write
from archdsl.cli.refused import Refused


def test_a_failure_leaves_the_old_text_and_no_litter(tmp_path, monkeypatch):
    file = tmp_path / "out.py"
    file.write_text("old")

    def fail(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(Refused, match="no space left on device"):
        write(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_gets_the_usual_permissions(tmp_path):
    before = os.umask(0o027)
    try:
        write(tmp_path / "out.py", "text")
    finally:
        os.umask(before)
    assert (tmp_path / "out.py").stat().st_mode & 0o777 == 0o640


def test_lines_end_the_same_everywhere(tmp_path):
    write(tmp_path / "out.py", "a\nb\n")
    assert (tmp_path / "out.py").read_bytes() == b"a\nb\n"
