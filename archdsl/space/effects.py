"""What each requirement of a spec excludes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from archdsl.evaluate.requirements import Requirement
    from archdsl.space.space import Space


class Effect(NamedTuple):
    """One requirement: of ``before`` fitting designs ``after`` meet it, by itself. ``proven`` is
    false where that could not be decided for all of them."""

    requirement: Requirement
    before: int
    after: int
    proven: bool

    @property
    def excludes_nothing(self) -> bool:
        return self.proven and self.before == self.after

    @property
    def share(self) -> float:
        """The share of the fitting designs that meet it."""
        scale = 10**15
        return self.after * scale // self.before / scale if self.before else 0.0


def effects(space: Space) -> tuple[Effect, ...]:
    """What each requirement leaves of the fitting designs, by itself."""
    before = space.count()
    found = []
    for need in space.program.requirements:
        low, high = space.counted((need,), strict=False)
        found.append(Effect(need, before, high, low == high))
    return tuple(found)
