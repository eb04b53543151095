"""What a run has come to, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from archdsl.searching.found import Found, losses_of
from archdsl.searching.fronts import as_losses, hypervolume, ranks
from archdsl.searching.records import TEST
from archdsl.searching.results.importance import Importance, importance_of
from archdsl.searching.results.shared import Shared, shared_by_best
from archdsl.searching.results.subject import candidates_of, subject_of
from archdsl.searching.run.folder import Folder
from archdsl.searching.troubles import UNFINISHED, trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from archdsl.searching.evaluators.trial import Subject
    from archdsl.searching.records import Objective, Tried


class Volume(NamedTuple):
    """How much of the plane a front covers, up to a ``reference`` point: ``value`` in the unit of
    all objectives multiplied, ``share`` of the box from there to the best of each objective."""

    value: float
    share: float
    reference: tuple[float, ...]


@dataclass(frozen=True)
class Results(Found):
    """What a run has come to so far.

    Besides what :class:`~archdsl.searching.found.Found` says: ``arch`` is the architecture that was
    searched, ``spec`` its text, which stood in ``file``, and ``root`` the folder whose files it may
    use. ``evaluator`` made the values, ``strategy`` proposed the designs, with this ``seed``.
    ``is_running``: a search works on it now, and then it has not ``ended``. Else that is also
    ``error`` (the search told which), ``killed`` (its process ended), or empty (not known).
    ``seconds`` it was worked on; ``began`` is when, in seconds since the epoch. ``reasons`` say of
    each code in ``rejected`` why one design was. ``distributions`` are its choices as Optuna keeps
    them.
    """

    arch: str = ""
    spec: str = field(default="", repr=False)
    root: str = ""
    file: str = ""
    evaluator: str = ""
    strategy: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    is_running: bool = False
    seconds: float = 0.0
    began: float | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict, repr=False)
    distributions: Mapping[str, str] = field(default_factory=dict, repr=False)

    def refuse_unfinished(self) -> None:
        """Raise :class:`~archdsl.searching.troubles.SearchError` (E941) where no trial came to a
        value."""
        if self.complete:
            return
        if self.failures:
            reason = f"; {len(self.of_state('failed'))} failed, most of them: "
            reason += self.failures[0].reason
        else:
            reason = f"; {len(self.of_state('running'))} were begun"
        help = "wait for it" if self.is_running else "the command that began it goes on with it"
        if self.failures:
            help = f"`archdsl results {self.folder}` says what failed and why"
        message = f"no trial of the run in {self.folder} has come to a value{reason}"
        raise trouble(UNFINISHED, message, help=help)

    def of_state(self, state: str) -> tuple[Tried, ...]:
        """The trials that are ``running``, ``complete``, ``failed`` or ``pruned``, by number."""
        return tuple(tried for tried in self.trials if tried.state == state)

    @cached_property
    def ordered(self) -> tuple[Tried, ...]:
        """The complete trials, the best first: by the first objective; of several objectives those
        that none beats come first, then those that only these beat, and so on."""
        trials = self.complete
        losses = self._losses(trials)
        rank = self.ranks
        places = sorted(range(len(trials)), key=lambda i: (rank[trials[i].number], losses[i], i))
        return tuple(trials[i] for i in places)

    @cached_property
    def ranks(self) -> Mapping[int, int]:
        """The front of each complete trial by its number: 0 for those that none beats."""
        trials = self.complete
        numbers = (tried.number for tried in trials)
        if len(self.objectives) == 1:
            return dict.fromkeys(numbers, 0)
        return dict(zip(numbers, ranks(self._losses(trials)), strict=True))

    @property
    def volume(self) -> Volume | None:
        """The hypervolume of several objectives, from the worst value of each that was seen; None
        of one, and where there is nothing between the worst and the best."""
        if len(self.objectives) == 1 or not self.complete:
            return None
        return volume_of(self.complete, self.objectives, worst(self.complete, self.objectives))

    @property
    def tests(self) -> tuple[str, ...]:
        """The metrics of the test samples, which the search never saw, in the order of what they
        are tests of."""
        names = dict.fromkeys(name for tried in self.complete for name in tried.metrics)
        found = [name for name in names if name.startswith(TEST)]
        read = [name for one in self.objectives for name in one.reads]
        return tuple(sorted(found, key=lambda name: name.removeprefix(TEST) not in read))

    def title(self, objective: Objective) -> str:
        """What the values of an objective are called: those that were measured on validation
        samples are told to be."""
        has_test = any(f"{TEST}{name}" in self.tests for name in objective.reads)
        is_trained = bool(objective.reads) and ":" not in self.evaluator and self.evaluator
        return f"validation {objective.text}" if has_test or is_trained else objective.text

    def curve(self, number: int) -> list[dict[str, float]]:
        """What a trial reported, by epoch: ``epoch`` and each metric. Read from the folder."""
        return Folder(self.folder, is_new=False).curve(number)

    @cached_property
    def reported(self) -> str:
        """The metric whose learning curves are told: what an objective reads, else the first that
        was reported; nothing where none was."""
        curves = (self.curve(tried.number)[:1] for tried in (*self.ordered, *self.trials))
        first = next((curve[0] for curve in curves if curve), {})
        names = [name for name in first if name != "epoch"]
        read = [name for one in self.objectives for name in one.reads if name in names]
        return (read or names or [""])[0]

    @cached_property
    def importance(self) -> tuple[Importance, ...]:
        """For each objective, how much each choice matters for being among the best. Empty where
        too few trials are complete."""
        return importance_of(self.complete, self.objectives, self.distributions)

    @cached_property
    def shared(self) -> Shared:
        """What the best designs have in common, held against all valid ones. Raises
        :class:`~archdsl.diagnostics.SpecError` where files that the spec uses are gone."""
        return shared_by_best(self.ordered, self.ranks, lambda: candidates_of(self.subject))

    @property
    def subject(self) -> Subject:
        """What was searched. Raises :class:`~archdsl.diagnostics.SpecError`."""
        return subject_of(self.spec, self.file or "<text>", self.root, self.arch)

    def _losses(self, trials: Sequence[Tried]) -> list[tuple[float, ...]]:
        return [losses_of(tried, self.objectives) for tried in trials]


def worst(trials: Sequence[Tried], objectives: Sequence[Objective]) -> tuple[float, ...]:
    """The worst value of each objective among some trials."""
    losses = [losses_of(tried, objectives) for tried in trials]
    most = [max(column) for column in zip(*losses, strict=True)]
    return as_losses(most, [one.direction for one in objectives])


def volume_of(
    trials: Sequence[Tried],
    objectives: Sequence[Objective],
    reference: Sequence[float],
    best: Sequence[float] | None = None,
) -> Volume | None:
    """The hypervolume that some trials cover, up to a reference point, as a share of the box from
    there to ``best`` (by default to their own best of each objective)."""
    losses = [losses_of(tried, objectives) for tried in trials]
    directions = [one.direction for one in objectives]
    bound = as_losses(reference, directions)
    if best is None:
        ends = tuple(min(column) for column in zip(*losses, strict=True))
    else:
        ends = as_losses(best, directions)
    box = 1.0
    for low, high in zip(ends, bound, strict=True):
        box *= high - low
    if box <= 0:
        return None
    value = hypervolume(losses, bound)
    return Volume(value, value / box, tuple(reference))
