"""Trials as they are known: what was tried, how it ended, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archdsl.searching.objectives import Goal

TEST = "test_"  # how metrics begin that were measured on samples which the search never saw
State = Literal["running", "complete", "failed", "pruned"]


class Objective(NamedTuple):
    """What a search was after, as it is kept: ``text`` as it stands in the spec, ``direction`` is
    ``maximize`` or ``minimize``, ``reads`` are the metrics that have to be reported for it."""

    text: str
    direction: str
    reads: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.direction} {self.text}"


def objectives_of(goals: Sequence[Goal]) -> tuple[Objective, ...]:
    """The objectives of a spec as they are kept."""
    return tuple(Objective(one.text, one.direction, one.reads) for one in goals)


@dataclass(frozen=True)
class Failure:
    """Why a trial gave nothing.

    ``kind`` is ``error`` (an exception), ``nan`` (a value that is no finite number), ``crash`` (its
    process ended by itself), ``killed`` (by a signal from outside), ``memory``, ``time``,
    ``stalled`` (stopped and not continued) or ``lost`` (with the machine it ran on). ``reason`` is
    one line. ``log`` names a file in the run folder, where there is more.
    """

    kind: str
    reason: str
    log: str = ""


@dataclass(frozen=True)
class Tried:
    """One design, tried. ``values`` in the order of the objectives, ``metrics`` all that was
    reported at the end; ``seconds`` that it took to evaluate. ``attempt`` is 2 where it was tried
    again, as it or its process had died."""

    number: int
    design: Mapping[str, Any]
    key: str
    state: State = "running"
    values: tuple[float, ...] | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    failure: Failure | None = None
    seconds: float = 0.0
    attempt: int = 1
    id: int = field(default=-1, compare=False, repr=False)

    @property
    def failed(self) -> bool:
        """Whether it gave nothing."""
        return self.state == "failed"
