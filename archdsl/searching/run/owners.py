"""Who works on a trial: a process that can be told from any other, also after it has died.

A number of a process is given to others later, so an owner is told by what no two have alike: the
machine (and the process namespace on it), its boot, the process and when it began.
"""

from __future__ import annotations

import json
import os
import socket
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

LEASE = 120.0  # seconds after its last sign of life that an owner on another machine counts as gone
BEGINS_AT = 22  # the field of /proc/PID/stat that tells when a process began, in clock ticks


class Owner(NamedTuple):
    """A process. ``session`` is one search in it."""

    host: str
    boot: str
    pid: int
    began: str
    session: str = ""

    def dumps(self) -> str:
        """As one line of JSON, always the same for the same owner."""
        return json.dumps(self._asdict(), sort_keys=True)

    @property
    def is_gone(self) -> bool:
        """Whether the process ended; False for one on another machine, of which that is not seen
        from here."""
        here = this_process()
        if self.host != here.host:
            return False
        return self.boot != here.boot or _began(self.pid) != self.began

    @property
    def is_here(self) -> bool:
        """Whether it runs (or ran) on this machine."""
        return self.host == this_process().host

    def __str__(self) -> str:
        return f"process {self.pid}" + ("" if self.is_here else f" on {self.host.split()[0]}")


def lost(owner: Owner, beat: float | None) -> bool:
    """Whether nobody is at work any more: the process is gone, or gave no sign of life for long.
    ``beat`` is when it last gave one, in seconds since the epoch."""
    if owner.is_gone:
        return True
    return beat is None or time.time() - beat > LEASE


def this_process(session: str = "") -> Owner:
    """The process that asks."""
    return _this(os.getpid())._replace(session=session)


@cache
def _this(pid: int) -> Owner:
    return Owner(_host(), _boot(), pid, _began(pid))


def _host() -> str:
    """The machine's name, and the namespace that process numbers count in: containers share one."""
    name = socket.gethostname()
    try:
        return f"{name} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return name


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _began(pid: int) -> str:
    """When a process began; an empty text where there is none, or a zombie of one."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "" if _is_linux() or not _runs(pid) else "running"
    fields = stat.rpartition(")")[2].split()  # the second field, a name, may hold anything
    return "" if fields[0] in ("Z", "X") else fields[BEGINS_AT - 3]


@cache
def _is_linux() -> bool:
    return Path("/proc/self/stat").exists()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
