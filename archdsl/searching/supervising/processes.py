"""Workers as processes of this machine, each started for one trial and watched until it ends.

They are forked from a server that has loaded what they need (``forkserver``): some 20 ms instead of
the seconds that importing torch takes, and none inherits a lock, thread or file of the supervisor.

Memory is measured, not set by ``RLIMIT_AS``: torch reserves far more addresses than it uses. What
counts is what is resident and no file's, of the worker and of all it started.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import time
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from types import ModuleType
from typing import TYPE_CHECKING, Any

from archdsl.searching.records import Failure
from archdsl.searching.supervising.jobs import UNLOADED, Job, Limits, Outcome
from archdsl.searching.supervising.reading import own_memory, usage
from archdsl.searching.supervising.worker import work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from archdsl.searching.run.folder import Folder
    from archdsl.searching.supervising.devices import Devices
    from archdsl.searching.supervising.jobs import Heard

LOOK = 0.1  # seconds between two looks at what workers take
STOPPED = 10.0  # seconds that a worker may be stopped for
STARTS = 10  # times that a process is tried to be started
LAST_WORDS = 5.0  # seconds that a process may take to end when it has told all
ALWAYS_LOADED = ("archdsl.searching.supervising.loaded",)
ENDED_BY_OTHERS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class Worker:
    """A process at work on a job."""

    def __init__(self, job: Job, process: Any, connection: Connection[Any, Any]) -> None:
        self.job = job
        self.process = process
        self.connection = connection
        self.began = time.monotonic()
        self.stopped_at: float | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def over_limit(self, limits: Limits) -> Failure | None:
        """Why it has to be ended, if it has."""
        if limits.seconds is not None and self.seconds > limits.seconds:
            return Failure("time", f"took longer than {limits.seconds:g} s")
        used = usage(self.process.pid)
        if used is None:
            return None
        if limits.memory is not None and used.memory > limits.memory:
            took, most = own_memory(self.process.pid) / 2**20, limits.memory / 2**20
            if took > most:
                return Failure("memory", f"took {took:,.0f} MiB, more than its {most:,.0f} MiB")
        if not used.is_stopped:
            self.stopped_at = None
        elif self.stopped_at is None:
            self.stopped_at = time.monotonic()
        elif time.monotonic() - self.stopped_at > STOPPED:
            return Failure("stalled", f"was stopped for {STOPPED:g} s and not continued")
        return None

    def end(self) -> None:
        """End it, and whatever it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()  # which may have no group of its own yet
        self.process.join(LAST_WORDS)
        self.connection.close()
        with suppress(ValueError):
            self.process.close()


class Processes:
    """Up to ``size`` workers at once, each with its share of ``devices``. ``loaded`` are modules
    that their server loads once."""

    def __init__(
        self,
        size: int,
        folder: Folder,
        heard: Heard,
        limits: Limits = Limits(),  # noqa: B008 - it is immutable
        loaded: tuple[str, ...] = (),
        devices: Devices | None = None,
    ) -> None:
        self.size = size if devices is None else min(size, devices.room)
        self.devices = devices
        self.folder = folder
        self.heard = heard
        self.limits = limits
        self.workers: list[Worker] = []
        kind = "forkserver" if sys.platform != "win32" else "spawn"
        self._context: Any = multiprocessing.get_context(kind)
        self._context.set_forkserver_preload([*ALWAYS_LOADED, *loaded])

    def room(self) -> int:
        return self.size - len(self.workers)

    def start(self, job: Job) -> None:
        if self.devices is not None:
            job = job._replace(devices=self.devices.take(job.number))
        for left in reversed(range(STARTS)):
            ours, theirs = self._context.Pipe()
            try:
                process = self._started(job, theirs)
            except (EOFError, ConnectionError, BrokenPipeError):  # the server ended meanwhile
                ours.close()
                if not left:
                    raise
                time.sleep(LOOK)  # its end may not have been seen yet
            else:
                self.workers.append(Worker(job, process, ours))
                return
            finally:
                theirs.close()

    def _started(self, job: Job, theirs: Connection[Any, Any]) -> Any:
        arguments = (job, self.folder.log(job.number).absolute(), theirs)
        process = self._context.Process(target=work, args=arguments, name=f"trial {job.number}")
        with _without_main():
            process.start()
        return process

    def wait(self, seconds: float) -> list[Outcome]:
        until = time.monotonic() + seconds
        while self.workers:
            found = self._looked(max(0.0, min(LOOK, until - time.monotonic())))
            if found or time.monotonic() >= until:
                return found
        return []

    def _looked(self, seconds: float) -> list[Outcome]:
        """One look at all workers, or as soon as one has something to tell."""
        watched: list[Any] = [w.connection for w in self.workers]
        watched += [w.process.sentinel for w in self.workers]
        ready = set(wait(watched, seconds))
        outcomes = []
        for worker in list(self.workers):
            if worker.connection in ready or worker.process.sentinel in ready:
                outcome = self._heard_of(worker)
            else:
                failure = worker.over_limit(self.limits)
                outcome = self._ended(worker, failure) if failure else None
            if outcome is not None:
                outcomes.append(outcome)
        return outcomes

    def _heard_of(self, worker: Worker) -> Outcome | None:
        """What a worker told; None where it goes on."""
        try:
            if not worker.connection.poll():
                if worker.process.is_alive():
                    return None
                if not worker.connection.poll():  # nor did it tell anything just before its end
                    return self._ended(worker, None)
            message = json.loads(worker.connection.recv_bytes())
        except (EOFError, OSError, ValueError):
            worker.process.join(LAST_WORDS)
            return self._ended(worker, None)
        number = worker.job.number
        if "epoch" in message:
            goes_on = self.heard(number, message["epoch"], message["metrics"])
            with suppress(OSError):
                worker.connection.send_bytes(json.dumps(goes_on).encode())
            return None
        seconds = self._dismissed(worker)
        told = message.pop("failure")
        failure = Failure(**told) if told else None
        if failure is None or failure.kind != UNLOADED:
            message["details"] = ""  # they are in the log
        return Outcome(number, seconds, failure=failure, **message)

    def _dismissed(self, worker: Worker) -> float:
        """End a worker: how long it was at work."""
        seconds = worker.seconds
        self.workers.remove(worker)
        worker.end()
        if self.devices is not None:
            self.devices.give_back(worker.job.number)
        return seconds

    def _ended(self, worker: Worker, failure: Failure | None) -> Outcome:
        """The outcome of a worker that has told nothing."""
        code = worker.process.exitcode
        seconds = self._dismissed(worker)
        return Outcome(worker.job.number, seconds, failure=failure or _death(code))

    def close(self) -> None:
        for worker in self.workers:
            worker.end()
        self.workers.clear()


def _death(code: int | None) -> Failure:
    """Why a process ended that told nothing."""
    if code is None or code >= 0:
        shown = "without a word" if code is None else f"with exit code {code}"
        return Failure("crash", f"its process ended {shown}")
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    if -code == signal.SIGKILL:
        return Failure("killed", "its process was killed (SIGKILL), perhaps for want of memory")
    if -code in ENDED_BY_OTHERS:
        return Failure("killed", f"its process was killed ({name})")
    return Failure("crash", f"its process crashed ({name})")


@contextmanager
def _without_main() -> Iterator[None]:
    """Start processes that do not run the main module again: they need nothing of it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
