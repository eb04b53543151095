"""Which designs meet what a spec requires: a diagram of just these, as far as it can be proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import SpecError
from archdsl.evaluate.frames import Frame
from archdsl.evaluate.measures import METER, Measure, measures_in
from archdsl.evaluate.run import Run, no_choices
from archdsl.evaluate.scalars import Comparison, truth
from archdsl.limits.meter import bound
from archdsl.space.diagram import union
from archdsl.space.distribution import distribution
from archdsl.space.measured import Measured, measured
from archdsl.space.restrict import TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archdsl.cost.compose import Composition
    from archdsl.evaluate.program import Clauses, Program
    from archdsl.evaluate.requirements import Requirement
    from archdsl.space.bounds import Weights
    from archdsl.space.diagram import Node
    from archdsl.space.explore.outcomes import Group
    from archdsl.space.limiting import Limiting

    Restricting = Callable[[Node, Weights, "int | None", "int | None"], "Node | None"]

ORDERED = ("<", "<=", ">", ">=")
ASKED = 5  # microseconds that it takes to ask whether a condition holds
RUNS = 64  # stretches of values that a condition may hold in


def costs_of(
    needs: tuple[Requirement, ...], program: Program, clauses: Iterable[Clauses]
) -> tuple[Composition, ...]:
    """The costs that some requirements of a program are about, for designs with some clauses."""
    measures = [m for need in needs for m in measures_in(need.condition)]
    metrics = (bound(program, measure, one) for measure in measures for one in clauses)
    return tuple(dict.fromkeys(cost for metric in metrics for cost in metric.compositions))


def kept(
    node: Node, conditions: Iterable[Condition], restricted: Restricting
) -> tuple[Node | None, list[Requirement]]:
    """The designs of a group that meet some conditions, one applied after another; and the
    requirements left out, because it takes too much to find the designs that meet them.
    ``restricted`` finds those that keep to a limit."""
    unproven: list[Requirement] = []
    left: Node | None = node
    for condition in conditions:
        if left is None:
            break
        try:
            left = condition.meeting(left, restricted)
        except (TooLarge, Unproven):
            unproven.append(condition.need)
    return left, unproven


class SumLimit(NamedTuple):
    """That a sum, by its weights, lies in one of some ranges, which ascend."""

    weights: tuple[int, ...]
    runs: tuple[tuple[int, int], ...]


def within(node: Node, limit: SumLimit, restricted: Restricting) -> Node | None:
    """The designs of a diagram that keep to a limit. Raises TooLarge."""
    parts = [restricted(node, limit.weights, *run) for run in limit.runs]
    found = [part for part in parts if part is not None]
    return union(found) if found else None


class Unproven(Exception):
    """Which designs meet a requirement does not follow from one sum."""


class Condition:
    """A requirement over costs, for the designs of one group.

    Of those designs that it was asked about: ``makes_sense`` tells whether it was true or false for
    some, ``senseless`` why it was neither for another (a division by zero).
    """

    def __init__(
        self,
        program: Program,
        group: Group,
        costs: tuple[Composition, ...],
        need: Requirement,
        limiting: Limiting,
    ) -> None:
        self.limiting = limiting
        self.program = program
        self.group = group
        self.costs = costs
        self.need = need
        self.makes_sense = False
        self.senseless: SpecError | None = None

    def meeting(self, node: Node, restricted: Restricting) -> Node | None:
        """The designs that meet it. Raises :class:`Unproven`, or TooLarge."""
        limit = self.limit(node)
        return node if limit is None else within(node, limit, restricted)

    def limit(self, node: Node) -> SumLimit | None:
        """What it asks of a sum; None when it holds for all designs of a diagram. Raises
        :class:`Unproven` where it does not follow from one sum."""
        weights = self._weights()
        if weights is None:
            return None if self.holds(0) else SumLimit((), ())
        runs = self._runs(node, weights)
        return None if runs is None else SumLimit(weights, tuple(runs))

    def _weights(self) -> tuple[int, ...] | None:
        """The weights of the one sum that it is about; None when all designs have the same.

        Raises :class:`Unproven` for several sums."""
        about = [self._measured(m) for m in measures_in(self.need.condition)]
        sums = {one.weights for one in about if not one.constant}
        if len(sums) > 1:
            raise Unproven
        return next(iter(sums), None)

    def _runs(self, node: Node, weights: tuple[int, ...]) -> list[tuple[int, int]] | None:
        """The ranges of the sum in which it holds; None when it holds for all designs."""
        about = [self._measured(m) for m in measures_in(self.need.condition)]
        if self._is_monotone(about):
            return self._up_to_a_limit(*self.limiting.ends(node, weights))
        return self._by_value(node, weights)

    def _measured(self, measure: Measure) -> Measured:
        found = measured(
            bound(self.program, measure, self.group.trained.clauses), self.group, self.costs
        )
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
        """Whether designs with this sum meet it: not, where it makes no sense for them."""

        def meter(measure: Measure) -> Any:
            return self._measured(measure).value(total)

        env = {**self.program.constants, **dict(self.group.named), METER: meter}
        try:
            found = truth(self.need.condition, Frame(env, "", 0, 0), Run(no_choices))
        except SpecError as wrong:
            self.senseless = self.senseless or wrong
            return False
        self.makes_sense = True
        return found

    def ask_at_ends(self, node: Node) -> None:
        """Asks about the designs with the least and the largest sum; about none where it is about
        several sums."""
        try:
            weights = self._weights()
        except Unproven:
            return
        for total in (0,) if weights is None else self.limiting.ends(node, weights):
            self.holds(total)

    def _up_to_a_limit(self, low: int, high: int) -> list[tuple[int, int]] | None:
        """A condition that holds up to some sum, or from one on: the sum is found by halving."""
        at_low, at_high = self.holds(low), self.holds(high)
        if at_low and at_high:
            return None
        if not at_low and not at_high:
            return []
        first, last = low, high  # at the first it is as at the low end, at the last as at the high
        while last - first > 1:
            middle = (first + last) // 2
            if self.holds(middle) == at_low:
                first = middle
            else:
                last = middle
        return [(low, first)] if at_low else [(last, high)]

    def _by_value(self, node: Node, weights: tuple[int, ...]) -> list[tuple[int, int]]:
        """Any other condition: asked for each sum that designs have."""
        spread = distribution(node, weights, spend=self.limiting.spend)
        if not spread.exact:
            raise Unproven
        self.limiting.spend(len(spread.values) * ASKED)
        runs: list[tuple[int, int]] = []
        before = False
        for total in spread.values:
            now = self.holds(total)
            if now:
                runs.append((runs.pop()[0], total) if before else (total, total))
            before = now
        if len(runs) > RUNS:
            raise Unproven
        return runs
