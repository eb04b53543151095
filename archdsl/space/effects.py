"""What each requirement of a spec excludes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from archdsl.evaluate.requirements import Requirement
    from archdsl.space.space import Space


class Effect(NamedTuple):
    """One requirement: of ``before`` fitting designs no more than ``after`` meet it, by itself, and
    no fewer than ``at_least``."""

    requirement: Requirement
    before: int
    after: int
    at_least: int

    @property
    def proven(self) -> bool:
        """Whether it is known exactly how many meet it."""
        return self.at_least == self.after

    @property
    def excludes_nothing(self) -> bool:
        """Whether every fitting design meets it."""
        return self.proven and self.before == self.after

    @property
    def share(self) -> float:
        """The share of the fitting designs that meet it, at most."""
        return self.after / self.before if self.before else 0.0


def effects(space: Space) -> tuple[Effect, ...]:
    """What each requirement leaves of the fitting designs, by itself."""
    before = space.count()
    found = []
    for need in space.program.requirements:
        low, high = space.counted((need,), strict=False)
        found.append(Effect(need, before, high, low))
    return tuple(found)
