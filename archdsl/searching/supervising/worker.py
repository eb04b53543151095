"""A worker: a process of its own for one trial.

It has a process group of its own, so that whatever it starts ends with it, and ends when its
supervisor ends, whatever that ends of. What it prints goes to the trial's log. It tells its
supervisor in JSON, never in pickles: an evaluator may leave anything behind in the process.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archdsl.searching.supervising.devices import VISIBLE
from archdsl.searching.supervising.jobs import Evaluated, Job, evaluated, failure_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection

DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux's prctl
FIRST_TO_GO = "1000"  # the kernel, out of memory, ends workers before anything else


def work(job: Job, log: Path, connection: Connection[Any, Any]) -> None:
    """Do a job and tell what came of it."""
    with suppress(OSError):
        os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor hears it, and ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_supervisor()
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO, encoding="ascii")
    if job.devices is not None:
        os.environ[VISIBLE] = ",".join(job.devices)

    def report(epoch: int, metrics: Mapping[str, float]) -> bool:
        _send(connection, {"epoch": epoch, "metrics": dict(metrics)})
        return bool(json.loads(connection.recv_bytes()))

    try:
        _print_to(log)
    except OSError as error:
        found = Evaluated(failure=failure_of(error))
    else:
        found = evaluated(job.trial(report), job.evaluator)
    if found.details:
        print(found.details, file=sys.stderr)  # noqa: T201 - to the log
    sys.stdout.flush()
    sys.stderr.flush()
    _send(connection, told(found))
    os._exit(0)  # nothing that an evaluator left running may hold it up


def _send(connection: Connection[Any, Any], message: dict[str, Any]) -> None:
    connection.send_bytes(json.dumps(message).encode())


def told(found: Evaluated) -> dict[str, Any]:
    """What an evaluator gave, as JSON."""
    failure = found.failure
    kept = None if failure is None else {"kind": failure.kind, "reason": failure.reason}
    return {**found._asdict(), "metrics": dict(found.metrics), "failure": kept}


def _print_to(log: Path) -> None:
    """Whatever is printed goes to the log, by libraries and by crashes too."""
    log.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a path of the system's
        os.dup2(nothing.fileno(), 0)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.close(handle)
    faulthandler.enable(2, all_threads=False)


def _end_with_supervisor() -> None:
    """End when the process that started this one does, and when the supervisor does."""
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    threading.Thread(target=_watch, name="archdsl supervisor", daemon=True).start()


def _watch() -> None:
    supervisor = parent_process()
    if supervisor is not None:
        supervisor.join()
        os.killpg(os.getpgrp(), signal.SIGKILL)
