"""Workers on a Ray cluster: each trial is a task that takes its share of a machine.

A task supervises its trial as a process of the machine it runs on, as a search without Ray does, so
that limits hold, failures are told and logs kept in the same way. What the trials report goes
through an actor beside the search, which answers whether they go on. The search alone writes to the
storage. A trial whose machine is lost runs again elsewhere; that is not held against its design.

The machines need archdsl, the evaluator's module, and, for files that trials leave, the run's
folder at the same place.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.runtime.extras import needed
from archdsl.searching.records import Failure
from archdsl.searching.run.folder import Folder
from archdsl.searching.supervising.jobs import Job, Limits, Outcome
from archdsl.searching.supervising.processes import Processes
from archdsl.searching.troubles import NO_CLUSTER, trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.searching.supervising.jobs import Cluster, Heard

PURPOSE = "a search on a cluster"
LOCAL = "local"
LOST = ("NodeDiedError", "WorkerCrashedError", "LocalRayletDiedError", "ObjectLostError")


class Letter(NamedTuple):
    """What a trial reported, and waits for an answer to."""

    number: int
    epoch: int
    metrics: Mapping[str, float]


class Mailbox:
    """Where trials report; an actor, beside the search."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.came = asyncio.Event()
        self.answers: dict[tuple[int, int], asyncio.Future[bool]] = {}

    async def report(self, letter: Letter) -> bool:
        """Tell of an epoch: whether the trial goes on."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.answers[letter.number, letter.epoch] = answer
        self.letters.append(letter)
        self.came.set()
        return await answer

    async def taken(self) -> list[Letter]:
        """The letters that came, as soon as there are some."""
        await self.came.wait()
        self.came.clear()
        letters, self.letters = self.letters, []
        return letters

    async def answer(self, number: int, epoch: int, goes_on: bool) -> None:
        """Answer a letter."""
        waiting = self.answers.pop((number, epoch), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(goes_on)


def supervised(
    job: Job, limits: Limits, loaded: tuple[str, ...], path: list[str], mailbox: Any
) -> Outcome:
    """The task of a trial: supervise it on the machine that this runs on."""
    ray = needed("ray", PURPOSE)
    sys.path += [place for place in path if place not in sys.path]

    def heard(number: int, epoch: int, metrics: Mapping[str, float]) -> bool:
        return bool(ray.get(mailbox.report.remote(Letter(number, epoch, metrics))))

    folder = Folder(tempfile.mkdtemp(prefix="archdsl-"))
    pool = Processes(1, folder, heard, limits, loaded)
    try:
        pool.start(job._replace(devices=_devices(ray)))
        outcomes: list[Outcome] = []
        while not outcomes:
            outcomes = pool.wait(1.0)
        log = folder.tidied(job.number)
        text = (folder.path / log).read_text(encoding="utf-8", errors="replace") if log else ""
        return outcomes[0]._replace(details=text)
    finally:
        pool.close()
        shutil.rmtree(folder.path, ignore_errors=True)


def _devices(ray: Any) -> tuple[str, ...] | None:
    """The GPUs that this task was given; None where it asked for none."""
    given = ray.get_runtime_context().get_accelerator_ids().get("GPU", [])
    return tuple(map(str, given)) or None


class Running(NamedTuple):
    """A job on the cluster, and when it was handed over."""

    job: Job
    since: float


class RayTasks:
    """Up to ``size`` trials at once on a cluster; as many as it has room for where that is None."""

    def __init__(
        self,
        cluster: Cluster,
        size: int | None,
        heard: Heard,
        limits: Limits = Limits(),  # noqa: B008 - it is immutable
        loaded: tuple[str, ...] = (),
    ) -> None:
        self.ray = needed("ray", PURPOSE)
        self.cluster = cluster
        self.limits = limits
        self.heard = heard
        self.loaded = loaded
        self.running: dict[Any, Running] = {}
        self._is_ours = not self.ray.is_initialized()
        if self._is_ours:
            _join(self.ray, cluster, size)
        self._asked_size = size
        self._mailbox = self._beside(self.ray.remote(Mailbox)).remote()
        self._letters = self._mailbox.taken.remote()
        options = {"num_cpus": cluster.cpus, "num_gpus": cluster.gpus, "max_retries": 0}
        self._task = self.ray.remote(**options)(supervised)

    def _beside(self, actor: Any) -> Any:
        """An actor that is on this machine, and so is lost with the search alone."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        here = self.ray.get_runtime_context().get_node_id()
        place = NodeAffinitySchedulingStrategy(here, soft=False)
        return actor.options(num_cpus=0, scheduling_strategy=place, max_concurrency=1000)

    @property
    def size(self) -> int:
        """How many trials at once: machines may come and go."""
        if self._asked_size is not None:
            return self._asked_size
        has = self.ray.cluster_resources()
        fits = [
            int(has.get(name, 0) / each)
            for name, each in (("CPU", self.cluster.cpus), ("GPU", self.cluster.gpus))
            if each
        ]
        return max(1, min(fits, default=1))

    def room(self) -> int:
        return self.size - len(self.running)

    def start(self, job: Job) -> None:
        task = self._task.remote(job, self.limits, self.loaded, list(sys.path), self._mailbox)
        self.running[task] = Running(job, time.monotonic())

    def wait(self, seconds: float) -> list[Outcome]:
        until = time.monotonic() + seconds
        while self.running:
            left = max(0.0, until - time.monotonic())
            ready, _ = self.ray.wait([*self.running, self._letters], num_returns=1, timeout=left)
            if self._letters in ready:
                self._answer()
            outcomes = [self._outcome(task) for task in ready if task in self.running]
            if outcomes or time.monotonic() >= until:
                return outcomes
        return []

    def _answer(self) -> None:
        for number, epoch, metrics in self.ray.get(self._letters):
            self._mailbox.answer.remote(number, epoch, self.heard(number, epoch, metrics))
        self._letters = self._mailbox.taken.remote()

    def _outcome(self, task: Any) -> Outcome:
        job, since = self.running.pop(task)
        try:
            found: Outcome = self.ray.get(task)
        except self.ray.exceptions.RayError as error:
            return Outcome(job.number, time.monotonic() - since, failure=failure_of(error))
        return found

    def close(self) -> None:
        for task in self.running:
            with suppress(self.ray.exceptions.RayError, ValueError):
                self.ray.cancel(task, force=True)
        self.running.clear()
        self.ray.kill(self._mailbox)
        if self._is_ours:
            self.ray.shutdown()


def failure_of(error: Exception) -> Failure:
    """Why a task came to nothing: mostly, its machine was lost."""
    kinds = {cls.__name__ for cls in type(error).__mro__}
    said = str(error).strip().partition("\n")[0]
    if kinds & set(LOST):
        return Failure("lost", "the machine it ran on was lost")
    if "OutOfMemoryError" in kinds:
        return Failure("memory", "its machine was out of memory")
    return Failure("error", f"on the cluster: {type(error).__name__}: {said}"[:200])


def _join(ray: Any, cluster: Cluster, size: int | None) -> None:
    """Connect to a cluster, or begin one on this machine."""
    quiet = {"log_to_driver": False, "logging_level": "ERROR", "include_dashboard": False}
    if cluster.address == LOCAL:
        cpus = None if size is None else max(1, round(size * cluster.cpus))
        ray.init(address=LOCAL, num_cpus=cpus, **quiet)
        return
    del quiet["include_dashboard"]
    try:
        ray.init(address=cluster.address, **quiet)
    except (ConnectionError, RuntimeError, ValueError) as error:
        said = str(error).strip().partition("\n")[0]
        message = f"there is no Ray cluster at `{cluster.address}`: {said}"
        raise trouble(NO_CLUSTER, message, help="`--ray local` begins one here") from None
