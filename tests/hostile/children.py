"""The command line in a process of its own, with what it took."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

LONGEST = 10  # CPU seconds, after which the process is killed


class Ended(NamedTuple):
    """How a command ended: exit code, CPU seconds, most memory in MB, and what it wrote."""

    code: int
    seconds: float
    megabytes: float
    written: str


def archdsl(*arguments: str, folder: Path) -> Ended:
    """Run a command in a folder."""
    output = folder / "written.txt"
    with output.open("wb") as stream:
        child = subprocess.Popen(
            [sys.executable, "-m", "archdsl", *arguments],
            cwd=folder,
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        resource.prlimit(child.pid, resource.RLIMIT_CPU, (LONGEST, LONGEST))
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    written = output.read_text(encoding="utf-8", errors="replace")
    used = usage.ru_utime + usage.ru_stime
    return Ended(child.returncode, used, usage.ru_maxrss / 1024, written)
