"""A whole space: what can be said of all designs of a program, and how sure it is.

*Fitting* designs fit together and do the task. *Valid* ones meet every ``require`` besides.
What is said of them is *proven* (it follows from the decision diagram), *bounded* (from a relaxed
diagram, that holds all designs and others besides) or *sampled*.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.space.best import best
from archdsl.space.bounds import largest, least
from archdsl.space.designs import Designs
from archdsl.space.diagram import ordered, union
from archdsl.space.distribution import distribution
from archdsl.space.drawing import Sample
from archdsl.space.explore.explorer import (
    WORK_RELAXED,
    Explorer,
    Unexplorable,
    too_much,
)
from archdsl.space.explore.program import explored, writable
from archdsl.space.measured import Measured, measured
from archdsl.space.metrics import metric_of, sort_key
from archdsl.space.restrict import STATES, restricted
from archdsl.space.single import single
from archdsl.space.valid import Condition, Unproven, costs_of, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.cost.compose import Composition
    from archdsl.diagnostics import SpecError
    from archdsl.evaluate.program import Clauses, Program
    from archdsl.evaluate.requirements import Requirement
    from archdsl.source import Span
    from archdsl.space.bounds import Weights
    from archdsl.space.diagram import Node
    from archdsl.space.explore.outcomes import Group


NODE = 8  # the work, in microseconds, of a node of a diagram gone through for the ends of a metric
WALKED = 100  # and what it takes besides
STATE = 10  # the work of one state of a diagram under a limit
SOME_STATES = 50_000  # of the diagram of the designs that meet a limit, where it has to be quick


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


@dataclass(frozen=True)
class DesignSet:
    """Designs of a program, for some costs; ``unproven`` are the requirements that some of them
    may not meet."""

    parts: tuple[DesignGroup, ...]
    costs: tuple[Composition, ...]
    unproven: tuple[Requirement, ...] = ()

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    @cached_property
    def designs(self) -> Designs:
        """All designs by number, group after group; there has to be a design."""
        return Designs(union([part.node for part in self.parts]))


class Extreme(NamedTuple):
    """A value of a metric, and a design that has it."""

    value: Any
    design: dict[str, Any]


class Extent(NamedTuple):
    """The least and the largest value of a metric, with designs that have them."""

    low: Extreme
    high: Extreme


class Space:
    """The designs of one program, explored when they are asked for, once for each set of costs.

    Every question raises :class:`~archdsl.space.explore.explorer.Unexplorable` (a SpecError) where
    the space takes too much to be described within its ``work``, that all questions share.
    ``states`` bounds the diagram of the designs that meet a limit.
    """

    def __init__(
        self,
        program: Program,
        bounds: Bounds = DEFAULT,
        states: int = STATES,
    ) -> None:
        self.states = states
        self.program = program
        self.bounds_of_one = bounds
        self.work = bounds.work
        self.refusals: Counter[str] = Counter()
        self._unread: tuple[tuple[str, Span], ...] = ()
        self.refusal: SpecError | None = None
        self._fitting: dict[Any, DesignSet | Unexplorable] = {}
        self._met_requirements = False
        self._valid: dict[Any, DesignSet] = {}

    def fitting(self, costs: tuple[Composition, ...] = (), strict: bool = False) -> DesignSet:
        """The designs that fit together and do the task, with some costs; when ``strict`` only
        those that meet the requirements inside blocks and the model."""
        strict = strict and self.has_inner_requirements
        found = self._fitting.get((costs, strict))
        if found is None:
            found = self._fitting[costs, strict] = self._explore(costs, strict)
        if isinstance(found, Unexplorable):
            raise found
        return found

    @cached_property
    def clauses(self) -> tuple[Clauses, ...]:
        """The clauses that designs can have, once for each way to train them."""
        if not self.program.open_clauses:
            return (self.program.clauses,)
        groups = dict.fromkeys(part.group.trained for part in self.fitting().parts)
        return tuple(trained.clauses for trained in groups)

    @cached_property
    def has_inner_requirements(self) -> bool:
        """Whether blocks or the model have requirements of their own."""
        self.fitting()
        return self._met_requirements

    def _explore(self, costs: tuple[Composition, ...], strict: bool) -> DesignSet | Unexplorable:
        explorer = Explorer(costs, self.bounds_of_one, self.work, strict=strict)
        try:
            groups = writable(explored(self.program, explorer))
        except Unexplorable as unexplorable:
            return unexplorable
        finally:
            self.work = max(explorer.left, 0)
        self.refusal = explorer.refusal
        self.refusals = explorer.refusals
        self._unread = explorer.units.unread()
        self._met_requirements = explorer.met_requirements
        return DesignSet(tuple(DesignGroup(group, node) for group, node in groups), costs)

    def relaxed(self) -> DesignSet:
        """All fitting designs and others besides: what is read of a let is not held to be the same
        everywhere. Counts and bounds of it are outer bounds."""
        explorer = Explorer((), self.bounds_of_one, WORK_RELAXED, relaxed=True)
        groups = writable(explored(self.program, explorer))
        return DesignSet(tuple(DesignGroup(group, node) for group, node in groups), ())

    def valid(
        self,
        costs: tuple[Composition, ...] = (),
        requirements: tuple[Requirement, ...] | None = None,
        strict: bool = True,
    ) -> DesignSet:
        """The designs that meet what the spec requires, or some of it; and what blocks and the
        model require, unless that is not ``strict``."""
        needs = self.program.requirements if requirements is None else requirements
        every = tuple(dict.fromkeys((*costs_of(needs, self.program, self.clauses), *costs)))
        key = (every, needs, strict)
        found = self._valid.get(key)
        if found is None:
            found = self._valid[key] = self._meeting(needs, self.fitting(every, strict))
        return found

    def _meeting(self, needs: tuple[Requirement, ...], whole: DesignSet) -> DesignSet:
        parts: list[DesignGroup] = []
        unproven: dict[Requirement, None] = {}
        over_costs = sum(bool(need.measures) for need in needs)
        for part in whole.parts:
            group = part.group
            if over_costs:
                self.spend(over_costs * part.size * NODE)
            left = kept(
                self.program, group, part.node, whole.costs, needs, self._restricted, self.spend
            )
            unproven.update(dict.fromkeys(left.unproven))
            if left.node is not None:
                parts.append(DesignGroup(group, left.node))
        return DesignSet(tuple(parts), whole.costs, tuple(unproven))

    def _restricted(
        self, node: Node, weights: Weights, least: int | None, most: int | None
    ) -> Node | None:
        """As :func:`~archdsl.space.restrict.restricted`, accounted for."""

        def spend(states: int) -> None:
            self.spend(states * STATE)

        return restricted(node, weights, least, most, self.states, spend)

    def unread(self) -> tuple[tuple[str, Span], ...]:
        """The choices, by path and place, of lets that nothing reads in any design."""
        self.fitting()
        return self._unread

    def count(self, valid: bool = False) -> int:
        """How many designs fit together and do the task, or are ``valid`` besides; at most so many
        where some requirement could not be decided for all (see :meth:`counted`)."""
        return self.counted()[1] if valid else self.fitting().count

    def counted(
        self, needs: tuple[Requirement, ...] | None = None, strict: bool = True
    ) -> tuple[int, int]:
        """How many designs meet what the spec requires, or some of it: no fewer than the first
        number and no more than the second."""
        needs = self.program.requirements if needs is None else needs
        about_costs = [need for need in needs if need.measures]
        if len(about_costs) != 1:
            whole = self.valid(requirements=needs, strict=strict)
            return (0 if whole.unproven else whole.count), whole.count
        others = tuple(need for need in needs if not need.measures)
        whole = self.valid(costs_of(needs, self.program, self.clauses), others, strict)
        low = high = 0
        for part in whole.parts:
            condition = Condition(self.program, part.group, whole.costs, about_costs[0], self.spend)
            try:
                found = condition.count(part.node)
            except Unproven:
                found = (0, part.count)
            low, high = low + found[0], high + found[1]
        return low, high

    def bounds(self, metric: str, valid: bool = False) -> Extent | None:
        """The least and the largest value that designs have of a metric such as ``params`` or
        ``memory(training)``; None when there is no design."""
        ends: list[tuple[Any, DesignGroup, int]] = []
        for part, how in self.measured(metric, valid):
            if how.constant:
                ends.append((how.value(0), part, 0))
                continue
            for end in (least(part.node, how.weights), largest(part.node, how.weights)):
                ends.append((how.value(end.value), part, end.rank))  # noqa: PERF401
        if not ends:
            return None
        low = min(ends, key=lambda end: sort_key(end[0]))
        high = max(ends, key=lambda end: sort_key(end[0]))
        return Extent(*[Extreme(value, single(part.node, n)) for value, part, n in (low, high)])

    def distribution(self, metric: str, valid: bool = False) -> dict[Any, int]:
        """How many designs have each value of a metric, the least first.

        Raises :class:`ValueError` when there are more different values than can be told apart.
        """
        found: dict[Any, int] = {}
        for part, how in self.measured(metric, valid):
            spread = distribution(part.node, how.weights)
            if not spread.exact:
                raise ValueError("too many different values")
            for total, count in zip(spread.values, spread.counts, strict=True):
                value = how.value(total)
                found[value] = found.get(value, 0) + count
        return {value: found[value] for value in sorted(found, key=sort_key)}

    def best(self, metric: str, largest: bool = False, valid: bool = True) -> Iterator[Extreme]:
        """The designs in the order of a metric, the least first or the ``largest``; proven."""
        from heapq import merge

        streams = [self._in_order(part, how, largest) for part, how in self.measured(metric, valid)]
        sign = -1 if largest else 1
        ordered = merge(*streams, key=lambda one: sign * sort_key(one[0]))
        return (Extreme(value, single(part.node, rank)) for value, part, rank in ordered)

    def _in_order(self, part: DesignGroup, how: Measured, largest: bool) -> Iterator[Any]:
        falls = how.rising is False
        for total, rank in best(part.node, how.weights, largest=largest != falls):
            yield how.value(total), part, rank

    def measured(self, metric: str, valid: bool = False) -> Iterator[tuple[DesignGroup, Measured]]:
        """The designs by groups, each with how a metric of them is computed; groups of which it is
        computed alike are one.

        Raises :class:`~archdsl.diagnostics.SpecError` for a metric there is not.
        """
        metrics = dict.fromkeys(metric_of(metric, self.program, one) for one in self.clauses)
        costs = tuple(dict.fromkeys(cost for one in metrics for cost in one.compositions))
        whole = self.valid(costs) if valid else self.fitting(costs)
        alike: dict[Any, list[DesignGroup]] = {}
        for part in whole.parts:
            one = metric_of(metric, self.program, part.group.trained.clauses)
            alike.setdefault((one, part.group.values), []).append(part)
        for (one, _), parts in alike.items():
            how = measured(one, parts[0].group, whole.costs)
            if how is None:
                raise Unexplorable(_no_sum(metric))
            group = parts[0]
            if len(parts) > 1:
                group = DesignGroup(group.group, union([part.node for part in parts]))
            self.spend(WALKED + (0 if how.constant else group.size * NODE))
            yield group, how

    def spend(self, work: int) -> None:
        """Account for a question. Raises Unexplorable when all together took too much."""
        self.work -= work
        if self.work < 0:
            self.work = 0
            raise Unexplorable(too_much())

    def designs(
        self, seed: int = 0, start: int = 0, valid: bool = True
    ) -> Iterator[dict[str, Any]]:
        """All designs in a random order that depends on the seed alone, from the ``start``-th on:
        each as likely as any other, none twice. Continuous choices are drawn on their scale.
        """
        whole = self.valid() if valid else self.fitting()
        if not whole.count:
            return iter(())
        return (read.design for read in Sample(whole.designs, seed).starting(start))


def _no_sum(metric: str) -> Diagnostic:
    return Diagnostic("E608", f"no one sum of costs gives `{metric}`, so nothing of it is proven")
