"""What a worker is given to do, and what comes of it."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from archdsl.runtime.live.room import NoRoom, ran_out
from archdsl.searching.evaluators.named import evaluator_of
from archdsl.searching.evaluators.trial import Stopped, Subject, Trial, numbers
from archdsl.searching.records import Failure
from archdsl.searching.troubles import NO_ROOM, SearchError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from archdsl.searching.evaluators.named import Evaluator

    Heard = Callable[[int, int, Mapping[str, float]], bool]

LONGEST = 8_000  # characters of a traceback that are kept
KILLERS = ("crash", "killed", "stalled")  # kinds of failures that may be of the process alone
UNLOADED = "evaluator"  # the kind of failure of an evaluator that is not there
ROOMLESS = "room"  # and of one that could not write what it has to: no fault of its design
WIDEST = 200  # characters of a reason
ATTEMPTS = 2  # at most, of a design that kills its worker


class Job(NamedTuple):
    """A trial to be evaluated; it travels to another process. ``evaluator`` is a name; ``devices``
    are the GPUs it may use, None: as the process finds them."""

    number: int
    design: dict[str, Any]
    evaluator: str
    subject: Subject
    seed: int = 0
    attempt: int = 1
    folder: Path | None = None
    options: Mapping[str, Any] = {}
    devices: tuple[str, ...] | None = None

    def trial(self, report: Callable[[int, Mapping[str, float]], bool]) -> Trial:
        """As its evaluator sees it."""
        return Trial(
            self.subject,
            self.number,
            self.design,
            self.seed,
            self.folder,
            self.options,
            self.attempt,
            report,
        )


class Outcome(NamedTuple):
    """What came of a job: ``metrics``, or a ``failure`` with more of it in ``details``; or it was
    stopped before its end (``is_pruned``)."""

    number: int
    seconds: float
    metrics: Mapping[str, float] = {}
    failure: Failure | None = None
    details: str = ""
    is_pruned: bool = False

    @property
    def may_go_on(self) -> bool:
        """Whether another attempt may end otherwise."""
        return self.failure is not None and self.failure.kind in (*KILLERS, "lost")


class Limits(NamedTuple):
    """What a trial may take: ``seconds`` by the clock, ``memory`` in bytes; None: no limit."""

    seconds: float | None = None
    memory: int | None = None


class Cluster(NamedTuple):
    """A Ray cluster: its ``address`` (``auto``: the one that is there; ``local``: a new one on this
    machine), and how much of its machines a trial takes."""

    address: str
    cpus: float = 1
    gpus: float = 0


class Pool(Protocol):
    """Where jobs are done. ``size`` is how many at once."""

    @property
    def size(self) -> int: ...

    def room(self) -> int:
        """How many jobs more may be started."""

    def start(self, job: Job) -> None:
        """Begin with a job."""

    def wait(self, seconds: float) -> list[Outcome]:
        """What has come of jobs, waited for so long at most."""

    def close(self) -> None:
        """End all that runs."""


class Evaluated(NamedTuple):
    """What an evaluator gave, or how it failed."""

    metrics: Mapping[str, float] = {}
    failure: Failure | None = None
    details: str = ""
    is_pruned: bool = False


def evaluated(trial: Trial, evaluator: Evaluator | str) -> Evaluated:
    """Evaluate a trial, whatever comes of it; interruptions alone pass."""
    try:
        function = evaluator_of(evaluator) if isinstance(evaluator, str) else evaluator
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Evaluated(failure=_unloaded(error), details=_traced(error))
    try:
        return Evaluated(numbers(function(trial)))
    except Stopped:
        return Evaluated(is_pruned=True)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Evaluated(failure=failure_of(error), details=_traced(error))


def _unloaded(error: BaseException) -> Failure:
    """Why there is no evaluator: of its name, or of what its module does."""
    said = error.diagnostics[0].message if isinstance(error, SearchError) else _line(error)
    return Failure(UNLOADED, said)


def failure_of(error: BaseException) -> Failure:
    """Why an evaluator failed, in one line."""
    reason = _line(error)
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return Failure(ROOMLESS, (error.strerror or reason).lower())
    if isinstance(error, NoRoom):
        return Failure("memory", str(error)[:WIDEST])
    if ran_out(error):
        return Failure("memory", f"out of memory ({reason})")
    return Failure("error", reason)


def _line(error: BaseException) -> str:
    name = type(error).__name__
    said = str(error).strip().partition("\n")[0]
    return (f"{name}: {said}" if said else name)[:WIDEST]


def _traced(error: BaseException) -> str:
    text = "".join(traceback.format_exception(error))
    return text if len(text) <= LONGEST else f"…{text[-LONGEST:]}"
