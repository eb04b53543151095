"""What a search is asked to do, and how."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Protocol

from archdsl.searching.supervising.jobs import ATTEMPTS, Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archdsl.searching.candidates import Candidate, Candidates
    from archdsl.searching.objectives import Goal
    from archdsl.searching.records import Tried
    from archdsl.searching.sharing import Shared


__all__ = ["Cluster", "Execution", "Plan", "Proposing", "Pruning"]


class Proposing(Protocol):
    """What of a strategy the engine needs (:mod:`archdsl.searching.strategies.base`)."""

    def propose(self, number: int, trials: Sequence[Tried]) -> Candidate | None:
        """The design of a trial, given all before it; None where nothing new is left."""


class Pruning(Protocol):
    """Says which trials are not worth going on with. It keeps no state."""

    def stops(self, number: int, epoch: int, curves: Mapping[int, Mapping[int, float]]) -> bool:
        """Whether a trial stops that has just reported an epoch. ``curves`` are the values of the
        first reported objective, by trial and epoch, of all trials so far."""


@dataclass(frozen=True, kw_only=True)
class Execution:
    """How a search is carried out, which changes nothing of what it finds.

    - ``workers`` at once, by default 1, or as many as fit on the ``cluster`` (of Ray); each with so
      many ``gpus`` of this machine to itself (below 1: shared). ``trial_seconds`` and
      ``trial_memory`` (bytes) are the most that one trial may take, by default 20 times what the
      longest one took (and not less than ten minutes), and its share of what memory is free.
    - ``storage`` is the URL of a database for many machines, by default SQLite in the run's folder.
      ``join``: beside others on the same run. ``adapt``: take over what holds of another search.
      ``retry_failed``: first try those trials again that failed, in whatever way.
    """

    workers: int | None = None
    gpus: float = 0
    trial_seconds: float | None = None
    trial_memory: int | None = None
    cluster: Cluster | None = None
    storage: str = ""
    join: bool = False
    adapt: bool = False
    retry_failed: bool = False

    @property
    def execution(self) -> dict[str, Any]:
        """These fields alone, by name."""
        return {one.name: getattr(self, one.name) for one in fields(Execution)}


@dataclass(frozen=True, kw_only=True)
class Plan(Execution):
    """What a search is asked to do: all that is open in what was :class:`asked
    <archdsl.searching.asking.Asked>` is settled.

    - ``objectives``: one or several (:func:`~archdsl.searching.objectives.goals_of`);
      ``strategy`` makes the strategy of the candidates, ``named``
      says what it is and with which options, as JSON, for the record.
    - ``evaluator``: ``module:function``, a word for one that comes along, or a function; None where
      no objective reads what is reported. ``options`` are what its trials get (JSON). ``evaluated``
      says what of them changes values (JSON): a run goes on with the same alone.
    - ``trials`` and ``seconds`` end the search, whichever comes first; all that was done on the
      run counts. ``starts`` are tried first. ``pruning`` ends trials early.
    - ``isolated``: each trial in a process of its own; by default all but those without an
      evaluator are. ``attempts``: how often a design may be tried whose process dies.
      ``loaded``: modules that workers find loaded, such as torch. ``shared`` are the data that
      trials are trained on, to be prepared once for all of them.
    """

    objectives: tuple[Goal, ...]
    strategy: Callable[[Candidates], Proposing]
    evaluator: str | Callable[..., Any] | None = None
    named: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    evaluated: Any = None
    trials: int | None = 100
    seconds: float | None = None
    seed: int = 0
    starts: tuple[Candidate, ...] = ()
    pruning: Pruning | None = None
    shared: Shared | None = None
    isolated: bool | None = None
    attempts: int = ATTEMPTS
    loaded: tuple[str, ...] = ()
