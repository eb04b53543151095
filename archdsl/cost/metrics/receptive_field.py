"""``receptive_field``"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from archdsl import types
from archdsl.cost.metric import Metric
from archdsl.cost.paths import Paths

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.graph.nodes import OpNode
    from archdsl.types import TensorType


class Reach(NamedTuple):
    """How far one position sees along an axis, and how far apart positions are, both in positions
    of the tensor that a path comes from."""

    field: int = 1
    jump: int = 1


class Reaches(Paths):
    """Paths side by side are kept apart where one sees farther and the other jumps farther, for
    then later ops decide which of them sees most."""

    @property
    def start(self) -> frozenset[Reach]:
        return frozenset((Reach(),))

    def step(self, node: OpNode) -> frozenset[Reach]:
        return frozenset((Reach(*(node.window() or (1, 1))),))

    def after(self, later: frozenset[Reach], earlier: frozenset[Reach]) -> frozenset[Reach]:
        return _most(
            {
                Reach(first.field + (then.field - 1) * first.jump, first.jump * then.jump)
                for first in earlier
                for then in later
            }
        )

    def either(self, one: frozenset[Reach], other: frozenset[Reach]) -> frozenset[Reach]:
        return one if one == other else _most(one | other)

    def read(self, takes: TensorType, value: frozenset[Reach]) -> int:
        extent = max(types.extent(given) for given in types.inputs(takes).values())
        return min(max(reach.field for reach in value), extent)


def _most(reaches: frozenset[Reach] | set[Reach]) -> frozenset[Reach]:
    """Those that no other one exceeds in both."""
    found: list[Reach] = []
    for reach in sorted(reaches, reverse=True):
        if not found or reach.jump > found[-1].jump:
            found.append(reach)
    return frozenset(found)


@dataclass(frozen=True)
class ReceptiveField(Metric):
    """Input positions along the longest spatial axis that a position of the result can see at most.

    The recurrence of Araujo et al., 2019 (Distill) along each path: r += (k - 1)·j, j *= s. An op
    that reads all positions sees everything.
    """

    synonyms = ("field_of_view", "rf")

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (Reaches(),)

    def value(self, *totals: tuple[int, ...]) -> int:
        ((field,),) = totals
        return field
