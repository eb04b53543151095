"""The command line in a process of its own, with what it took."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

LONGEST = 16  # CPU seconds, after which the process is killed: 10, and what a slower machine adds
# A child begins with its parent's peak in `ru_maxrss`; its own is told by the kernel's status file.
COMMAND = """\
import atexit, pathlib, sys
def peak():
    status = pathlib.Path("/proc/self/status")
    pathlib.Path("peak.txt").write_text(status.read_text() if status.exists() else "")
atexit.register(peak)
from archdsl.cli import main
main()
"""


class Ended(NamedTuple):
    """How a command ended: exit code, most memory in MB, and what it wrote."""

    code: int
    megabytes: float
    written: str


def archdsl(*arguments: str, folder: Path, most: int = 0) -> Ended:
    """Run a command in a folder, with ``most`` bytes of memory (0: no limit)."""
    output = folder / "written.txt"
    with output.open("wb") as stream:
        child = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments],
            cwd=folder,
            stdout=stream,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        resource.prlimit(child.pid, resource.RLIMIT_CPU, (LONGEST, LONGEST))
        if most:
            resource.prlimit(child.pid, resource.RLIMIT_AS, (most, most))
        code = child.wait()
    written = output.read_text(encoding="utf-8", errors="replace")
    return Ended(code, _peak(folder), written)


def _peak(folder: Path) -> float:
    told = folder / "peak.txt"
    found = re.search(r"VmHWM:\s*(\d+) kB", told.read_text() if told.exists() else "")
    return int(found.group(1)) / 1024 if found else 0.0
