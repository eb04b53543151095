"""Designs of a program as diagrams, in groups that have their output in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.space.bounds import largest, least
from archdsl.space.designs import Designs
from archdsl.space.diagram import ordered, union
from archdsl.space.distribution import WIDTH, distribution
from archdsl.space.metrics import sort_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archdsl.cost.compose import Composition
    from archdsl.diagnostics import SpecError
    from archdsl.evaluate.requirements import Requirement
    from archdsl.space.bounds import Weights
    from archdsl.space.diagram import Node
    from archdsl.space.explore.outcomes import Group
    from archdsl.space.measured import Measured
    from archdsl.space.totals import Distribution


@dataclass(frozen=True)
class DesignGroup:
    """Designs that give one output, as a diagram; ``group`` is what they have in common."""

    group: Group
    node: Node

    @property
    def count(self) -> int:
        return self.node.count

    @cached_property
    def size(self) -> int:
        """How many nodes the diagram has."""
        return len(ordered(self.node))

    @cached_property
    def designs(self) -> Designs:
        """Its designs by number."""
        return Designs(self.node)

    @cached_property
    def _totals(self) -> dict[Any, Distribution]:
        return {}

    def totals(
        self,
        weights: Weights,
        width: float = WIDTH,
        spend: Callable[[int], None] | None = None,
    ) -> Distribution:
        """How many designs have each total (archdsl.space.distribution), worked out once;
        ``spend`` is told what that took."""
        found = self._totals.get((weights, width))
        if found is None:
            found = distribution(self.node, weights, width, spend)
            self._totals[weights, width] = found
        return found


@dataclass(frozen=True)
class DesignSet:
    """Designs of a program, for some costs; ``unproven`` are the requirements that some of them
    may not meet, ``senseless`` those that make no sense for some designs, which are left out, and
    why."""

    parts: tuple[DesignGroup, ...]
    costs: tuple[Composition, ...]
    unproven: tuple[Requirement, ...] = ()
    senseless: tuple[tuple[Requirement, SpecError], ...] = ()

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    def costs_include(self, costs: tuple[Composition, ...]) -> bool:
        """Whether these costs are known of them."""
        return set(costs) <= set(self.costs)

    @cached_property
    def node(self) -> Node:
        """All designs as one diagram, group after group."""
        return union([part.node for part in self.parts])

    @cached_property
    def designs(self) -> Designs:
        """All designs by number; there has to be a design."""
        return Designs(self.node)


class Extreme(NamedTuple):
    """A value of a metric, and a design that has it."""

    value: Any
    design: dict[str, Any]


class Extent(NamedTuple):
    """The least and the largest value of a metric, with designs that have them."""

    low: Extreme
    high: Extreme


def ends(groups: Iterable[tuple[DesignGroup, Measured]]) -> list[tuple[Any, DesignGroup, int]]:
    """The least and the largest value of a metric over groups of designs, each with a design by its
    group and its rank; none where there is no design."""
    found: list[tuple[Any, DesignGroup, int]] = []
    for part, how in groups:
        if how.constant:
            found.append((how.value(0), part, 0))
            continue
        for end in (least(part.node, how.weights), largest(part.node, how.weights)):
            found.append((how.value(end.value), part, end.rank))  # noqa: PERF401
    found.sort(key=lambda one: sort_key(one[0]))
    return [found[0], found[-1]] if found else []
