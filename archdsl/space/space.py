"""A whole space: what can be said of all designs of a program, and how sure it is.

*Fitting* designs fit together and do the task. *Valid* ones meet every ``require`` besides.
What is said of them is *proven* (it follows from the decision diagram, or every design was tried),
*bounded* (from a relaxed diagram, that holds all designs and others besides) or *sampled*.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.space.diagram import Node
from archdsl.space.explore.explorer import WORK, Explorer, Unexplorable
from archdsl.space.explore.program import explored

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.evaluate.program import Program
    from archdsl.space.explore.outcomes import Group


class Designs(NamedTuple):
    """Designs that give one output, as a diagram; ``group`` is what they have in common."""

    group: Group
    node: Node

    @property
    def count(self) -> int:
        return self.node.count


class Explored(NamedTuple):
    """All fitting designs of a program, for some costs; ``refusal`` tells why a combination of
    choices did not fit."""

    designs: tuple[Designs, ...]
    costs: tuple[Composition, ...]
    refusal: SpecError | None

    @property
    def count(self) -> int:
        return sum(part.count for part in self.designs)


class Space:
    """The designs of one program, explored when they are asked for, once for each set of costs."""

    def __init__(self, program: Program, bounds: Bounds = DEFAULT, work: int = WORK) -> None:
        self.program = program
        self.bounds = bounds
        self.work = work
        self._explored: dict[tuple[Composition, ...], Explored | Unexplorable] = {}

    def explored(self, costs: tuple[Composition, ...] = (), relaxed: bool = False) -> Explored:
        """The fitting designs with some costs. Raises Unexplorable where that takes too much."""
        found = self._explored.get(costs)
        if found is None:
            found = self._explored[costs] = self._explore(costs)
        if isinstance(found, Unexplorable):
            raise found
        return found

    def _explore(self, costs: tuple[Composition, ...]) -> Explored | Unexplorable:
        explorer = Explorer(costs, self.bounds, self.work)
        try:
            groups = explored(self.program, explorer)
        except Unexplorable as unexplorable:
            return unexplorable
        designs = tuple(Designs(group, node) for group, node in groups)
        return Explored(designs, costs, explorer.refusal)

    @cached_property
    def count(self) -> int:
        """How many designs fit together and do the task.

        Raises Unexplorable where the space takes too much to be described.
        """
        return self.explored().count
