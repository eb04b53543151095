"""What the system says of a process and of those it started (Linux; elsewhere nothing is known)."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
USED = ("/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory/memory.usage_in_bytes")
UNLIMITED = 1 << 60


class Usage(NamedTuple):
    """``memory`` in bytes that are not shared with files, of the process and of all it started,
    with what they took over when they were forked (see :func:`own_memory`); ``is_stopped``: the
    process does not run until it is continued."""

    memory: int
    is_stopped: bool


def usage(pid: int) -> Usage | None:
    """What a process takes; None where that is not known."""
    state = _state(pid)
    if state is None:
        return None
    return Usage(sum(map(_memory, _family(pid))), state in ("T", "t"))


def _state(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return stat.rpartition(")")[2].split()[0]


def own_memory(pid: int) -> int:
    """Bytes that a process and all it started share with no other process, not even with the one
    that they were forked from and that loaded the libraries. Takes milliseconds to find out."""
    return sum(map(_private, _family(pid)))


def _private(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return _memory(pid)
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_Dirty:"))


def _memory(pid: int) -> int:
    """Resident memory without what is shared with files."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return (int(pages[1]) - int(pages[2])) * _page()


@cache
def _page() -> int:
    return os.sysconf("SC_PAGE_SIZE")


def _family(pid: int) -> list[int]:
    """A process and those below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        try:
            text = Path(f"/proc/{one}/task/{one}/children").read_text(encoding="ascii")
        except OSError:
            continue
        waiting += map(int, text.split())
    return found


def free_memory() -> int | None:
    """Bytes that are free on this machine, or in the part of it that this process may use."""
    free = _available()
    for limit, used in zip(map(_number, LIMITS), map(_number, USED), strict=True):
        if limit is not None and used is not None and limit < UNLIMITED:
            left = max(0, limit - used)
            free = left if free is None else min(free, left)
    return free


def _available() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None


def _number(path: str) -> int | None:
    try:
        return int(Path(path).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
