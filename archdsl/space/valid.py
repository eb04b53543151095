"""Which designs meet what a spec requires: a diagram of just these, as far as it can be proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.frames import Frame
from archdsl.evaluate.measures import METER, Measure
from archdsl.evaluate.run import Run
from archdsl.evaluate.scalars import Arithmetic, Comparison, Conditional, Function, Negative, truth
from archdsl.limits.meter import bound
from archdsl.space.bounds import largest, least
from archdsl.space.diagram import union
from archdsl.space.distribution import distribution
from archdsl.space.measured import Measured, measured
from archdsl.space.restrict import TooLarge, restricted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.cost.compose import Composition
    from archdsl.evaluate.program import Program, Requirement
    from archdsl.space.diagram import Node
    from archdsl.space.explore.outcomes import Group

ORDERED = ("<", "<=", ">", ">=")
RUNS = 64  # stretches of values that a condition may hold in


class Kept(NamedTuple):
    """The designs of a group that are left, and the requirements that nothing is proven of."""

    node: Node | None
    unproven: tuple[Requirement, ...] = ()


def costs_of(needs: tuple[Requirement, ...], program: Program) -> tuple[Composition, ...]:
    """The costs that some requirements of a program are about."""
    measures = (m for need in needs for m in measures_in(need.condition))
    found = (cost for measure in measures for cost in bound(program, measure).compositions)
    return tuple(dict.fromkeys(found))


def measures_in(scalar: Any) -> list[Measure]:
    """The metrics inside a value expression."""
    if isinstance(scalar, Measure):
        return [scalar]
    parts: Iterable[Any] = ()
    if isinstance(scalar, Arithmetic):
        parts = (scalar.left, scalar.right)
    elif isinstance(scalar, Function):
        parts = scalar.arguments
    elif isinstance(scalar, Negative):
        parts = (scalar.operand,)
    elif isinstance(scalar, Conditional):
        parts = (scalar.condition, scalar.yes, scalar.no)
    return [measure for part in parts for measure in measures_in(part)]


def kept(
    program: Program,
    group: Group,
    node: Node,
    costs: tuple[Composition, ...],
    requirements: tuple[Requirement, ...],
) -> Kept:
    """The designs of a group that meet some requirements of their program."""
    unproven: list[Requirement] = []
    left: Node | None = node
    for need in requirements:
        index = program.requirements.index(need)
        if group.met[index] is not None:
            left = left if group.met[index] else None
        elif left is not None:
            condition = Condition(program, group, costs, need)
            try:
                left = condition.meeting(left)
            except (TooLarge, Unproven):
                unproven.append(need)
    return Kept(left, tuple(unproven))


class Unproven(Exception):
    """Which designs meet a requirement does not follow from one sum."""


class Condition:
    """A requirement over costs, for the designs of one group."""

    def __init__(
        self,
        program: Program,
        group: Group,
        costs: tuple[Composition, ...],
        need: Requirement,
    ) -> None:
        self.program = program
        self.group = group
        self.costs = costs
        self.need = need

    def meeting(self, node: Node) -> Node | None:
        """The designs that meet it. Raises :class:`Unproven`, or TooLarge."""
        about = [self._measured(m) for m in measures_in(self.need.condition)]
        sums = {one.weights for one in about if not one.constant}
        if not sums:
            return node if self.holds(0) else None
        if len(sums) > 1:
            raise Unproven
        (weights,) = sums
        low, high = least(node, weights).value, largest(node, weights).value
        if self._is_monotone(about):
            return self._up_to_a_limit(node, weights, low, high)
        return self._by_value(node, weights)

    def _measured(self, measure: Measure) -> Measured:
        found = measured(bound(self.program, measure), self.group, self.costs)
        if found is None:
            raise Unproven
        return found

    def _is_monotone(self, about: list[Measured]) -> bool:
        condition = self.need.condition
        if not isinstance(condition, Comparison) or condition.operator not in ORDERED:
            return False
        sides = (condition.left, condition.right)
        alone = any(isinstance(side, Measure) for side in sides)
        return alone and len(about) == 1 and about[0].rising is not None

    def holds(self, total: int) -> bool:
        """Whether designs with this sum meet it."""

        def meter(measure: Measure) -> Any:
            return self._measured(measure).value(total)

        env = {**self.program.constants, **dict(self.group.named), METER: meter}
        return truth(self.need.condition, Frame(env, "", 0, 0), Run(_no_choices))

    def _up_to_a_limit(
        self, node: Node, weights: tuple[int, ...], low: int, high: int
    ) -> Node | None:
        """A condition that holds up to some sum, or from one on: the sum is found by halving."""
        at_low, at_high = self.holds(low), self.holds(high)
        if at_low and at_high:
            return node
        if not at_low and not at_high:
            return None
        first, last = low, high  # at the first it is as at the low end, at the last as at the high
        while last - first > 1:
            middle = (first + last) // 2
            if self.holds(middle) == at_low:
                first = middle
            else:
                last = middle
        return restricted(node, weights, *((low, first) if at_low else (last, high)))

    def _by_value(self, node: Node, weights: tuple[int, ...]) -> Node | None:
        """Any other condition: asked for each sum that designs have."""
        spread = distribution(node, weights)
        if not spread.exact:
            raise Unproven
        runs: list[list[int]] = []
        before = False
        for total, _ in spread.counts():
            now = self.holds(total)
            if now and before:
                runs[-1][1] = total
            elif now:
                runs.append([total, total])
            before = now
        if len(runs) > RUNS:
            raise Unproven
        parts = [restricted(node, weights, least, most) for least, most in runs]
        found = [part for part in parts if part is not None]
        return union(found) if found else None


def _no_choices(path: str, point: Any) -> int:
    raise AssertionError("a requirement over costs makes no choices")
