"""Ending trials early that are not worth going on with: at some epochs, the rungs, only the best go
on.

A policy keeps no state. Whether a trial stops follows from its number and from what all trials
reported so far. Optuna's pruners note in their study how far each trial came, so what they say
depends on who asked before; theirs is the rule, though.
"""

from __future__ import annotations

from math import inf
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.searching.strategies.base import Direction
    from archdsl.spec.search import Search

    Curve = Mapping[int, float]

FACTOR = 3  # one trial in so many goes on from a rung to the next


def rungs(first: int, factor: int, epochs: int) -> tuple[int, ...]:
    """The epochs at which is decided: ``first``, and each ``factor`` times the one before, as long
    as epochs are left behind it."""
    found = []
    epoch = first
    while epoch < epochs:
        found.append(epoch)
        epoch *= factor
    return tuple(found)


class Halving:
    """Successive halving, without waiting for others (ASHA, Li et al. 2020, arXiv:1810.05934).

    At a rung a trial goes on that is among the best third of those that came to it (with a
    ``factor`` of 3), and the best one anyway. What counts is the best value up to the rung, since
    the weights of the best epoch are kept. ``first`` is the epoch of the first rung, ``epochs`` how
    many a trial has.
    """

    def __init__(
        self, direction: Direction, epochs: int, first: int = 1, factor: int = FACTOR
    ) -> None:
        if first < 1 or factor < 2:
            raise ValueError(f"first is at least 1 and factor at least 2, not {first} and {factor}")
        self.direction = direction
        self.epochs = epochs
        self.first = first
        self.factor = factor

    def rungs(self, number: int) -> tuple[int, ...]:
        """Where is decided about a trial."""
        return rungs(self.first, self.factor, self.epochs)

    def rivals(self, number: int, curves: Mapping[int, Curve]) -> Mapping[int, Curve]:
        """The trials that one is held against, itself among them."""
        return curves

    def stops(self, number: int, epoch: int, curves: Mapping[int, Curve]) -> bool:
        """Whether a trial stops that has just reported an epoch. ``curves`` are the values by trial
        and epoch of all trials so far, this one too. What reports no epoch of a rung itself is
        decided about at its first report behind it."""
        passed = [rung for rung in self.rungs(number) if rung <= epoch]
        if not passed or any(passed[-1] <= one < epoch for one in curves[number]):
            return False
        rung = passed[-1]
        rivals = self.rivals(number, curves).values()
        losses = sorted(self._loss(one, rung) for one in rivals if max(one, default=0) >= rung)
        going_on = max(len(losses) // self.factor, 1)
        return self._loss(curves[number], rung) > losses[going_on - 1]

    def _loss(self, curve: Curve, rung: int) -> float:
        """The best value up to a rung, turned so that less is better; what is no number is worst.
        Of a trial that reports nothing up to the rung it is the first value behind it."""
        known = [value for epoch, value in curve.items() if epoch <= rung]
        known = known or [curve[min(curve)]]
        sign = 1 if self.direction == "minimize" else -1
        return min((sign * value for value in known if value == value), default=inf)


class Hyperband(Halving):
    """Hyperband (Li et al. 2018, arXiv:1603.06560): successive halving in several brackets, each of
    which begins one rung later than the one before, in case what is good begins slowly.

    A trial's bracket follows from its number. As many trials go into each as make all brackets cost
    about the same number of epochs; they are held against those of their bracket.
    """

    def bracket(self, number: int) -> int:
        """The bracket of a trial: how many rungs it leaves out."""
        count = len(super().rungs(number)) + 1
        weights = [self.factor ** (count - 1 - b) * count / (count - b) for b in range(count)]
        return Random(f"bracket {number}").choices(range(count), weights)[0]

    def rungs(self, number: int) -> tuple[int, ...]:
        return super().rungs(number)[self.bracket(number) :]

    def rivals(self, number: int, curves: Mapping[int, Curve]) -> Mapping[int, Curve]:
        own = self.bracket(number)
        return {other: curve for other, curve in curves.items() if self.bracket(other) == own}


POLICIES: dict[str, type[Halving]] = {"halving": Halving, "hyperband": Hyperband}


def pruning(clause: Search, direction: Direction, epochs: int) -> Halving | None:
    """The policy that a ``search`` clause names, for trials of so many epochs; None where all
    trials run to their end."""
    if clause.prune == "none":
        return None
    return POLICIES[clause.prune](direction, epochs, clause.rung)
