"""What happens in a search, told to whoever shows it: nothing needs to be asked for besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.searching.records import Tried


@dataclass(frozen=True)
class Begun:
    """The search begins: ``known`` trials had ended already. ``trials`` and ``seconds`` are the
    limits, None where there is none; ``workers`` is how many evaluate at once."""

    known: tuple[Tried, ...]
    trials: int | None
    seconds: float | None
    workers: int


@dataclass(frozen=True)
class Started:
    """A trial begins; ``tried.attempt`` is 2 where it was begun before."""

    tried: Tried


@dataclass(frozen=True)
class Reported:
    """A trial has come to the end of an epoch."""

    number: int
    epoch: int
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Ended:
    """A trial is over: complete, failed or pruned."""

    tried: Tried


@dataclass(frozen=True)
class Again:
    """A trial's process died; the trial will be tried once more."""

    tried: Tried
    reason: str


@dataclass(frozen=True)
class Remarked:
    """Something that whoever searches should know, and that changes nothing of what is found."""

    text: str


Event = Begun | Started | Reported | Ended | Again | Remarked
