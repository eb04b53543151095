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

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.space.best import best
from archdsl.space.bounds import largest, least
from archdsl.space.designs import Designs
from archdsl.space.diagram import ordered, union
from archdsl.space.distribution import WIDTH, distribution
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
    from archdsl.evaluate.program import Clauses, Program
    from archdsl.evaluate.requirements import Requirement
    from archdsl.source import Span
    from archdsl.space.bounds import Weights
    from archdsl.space.diagram import Node
    from archdsl.space.explore.outcomes import Group
    from archdsl.space.totals import Distribution
    from archdsl.space.valid import Answer


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

    @cached_property
    def _totals(self) -> dict[Any, Distribution]:
        return {}

    def totals(self, weights: Weights, width: float = WIDTH) -> Distribution:
        """How many designs have each total (archdsl.space.distribution), worked out once."""
        found = self._totals.get((weights, width))
        if found is None:
            found = self._totals[weights, width] = distribution(self.node, weights, width)
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
        self._explored: dict[Any, list[DesignSet]] = {}
        self._failed: dict[Any, SpecError] = {}
        self._valid: dict[Any, DesignSet] = {}

    def fitting(
        self,
        costs: tuple[Composition, ...] = (),
        strict: bool = False,
        needs: tuple[Requirement, ...] = (),
        missed: tuple[Requirement, ...] = (),
    ) -> DesignSet:
        """The designs that fit together and do the task, with some costs and perhaps more; only
        those that meet the requirements inside blocks and the model when ``strict``, and those that
        meet some of the arch over values, ``needs``, and miss others.

        Raises :class:`~archdsl.diagnostics.SpecError` for one of those that makes no sense for any
        design.
        """
        for known in self._explored.get((strict, needs, missed), ()):
            if known.costs_include(costs):
                return known
        key = (costs, strict, needs, missed)
        if key in self._failed:
            raise self._failed[key]
        try:
            return self._explore(*key)
        except SpecError as error:
            self._failed[key] = error
            raise

    @cached_property
    def clauses(self) -> tuple[Clauses, ...]:
        """The clauses that designs can have, once for each way to train them."""
        if not self.program.open_clauses:
            return (self.program.clauses,)
        groups = dict.fromkeys(part.group.trained for part in self.fitting().parts)
        return tuple(trained.clauses for trained in groups)

    def _explore(
        self,
        costs: tuple[Composition, ...],
        strict: bool,
        needs: tuple[Requirement, ...],
        missed: tuple[Requirement, ...],
    ) -> DesignSet:
        explorer = Explorer(
            costs, self.bounds_of_one, self.work, strict=strict, needs=needs, missed=missed
        )
        try:
            groups = writable(explored(self.program, explorer))
        finally:
            self.work = max(explorer.left, 0)
        strictly = (strict,) if explorer.met_requirements else (False, True)
        if False in strictly and not (needs or missed):
            self.refusal = explorer.refusal
            self.refusals = explorer.refusals
            self._unread = explorer.units.unread()
        wrong = {n: why for n, why in explorer.senseless.items() if n in needs}
        none = [need for need in wrong if need not in explorer.makes_sense]
        if none and needs == (none[0],) and not strict:
            raise wrong[none[0]]
        for need in none:
            self.fitting(needs=(need,))
        parts = tuple(DesignGroup(group, node) for group, node in groups)
        found = DesignSet(parts, costs, (), tuple(wrong.items()))
        for one in strictly:
            self._explored.setdefault((one, needs, missed), []).append(found)
        return found

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
            whole = self.fitting(every, strict, _over_values(needs))
            found = self._valid[key] = self._meeting(_over_costs(needs), whole, strict)
        return found

    def _meeting(self, needs: tuple[Requirement, ...], whole: DesignSet, strict: bool) -> DesignSet:
        parts: list[DesignGroup] = []
        unproven: dict[Requirement, None] = {}
        over_costs = sum(bool(need.measures) for need in needs)
        answers: dict[Requirement, set[Answer]] = {need: set() for need in needs}
        for part in whole.parts:
            group = part.group
            if over_costs:
                self.spend(over_costs * part.size * NODE)
            left = kept(
                self.program, group, part.node, whole.costs, needs, self._restricted, self.spend
            )
            unproven.update(dict.fromkeys(left.unproven))
            for need, found in left.answers.items():
                answers[need] |= found
            if left.node is not None:
                parts.append(DesignGroup(group, left.node))
        why = {
            need: self._why_senseless(need, answers[need], whole.costs, strict) for need in needs
        }
        senseless = tuple((need, one) for need, one in why.items() if one is not None)
        wrong = (*whole.senseless, *senseless)
        return DesignSet(tuple(parts), whole.costs, tuple(unproven), wrong)

    def _why_senseless(
        self,
        need: Requirement,
        answers: set[Answer],
        costs: tuple[Composition, ...],
        strict: bool,
    ) -> SpecError | None:
        """Why a requirement over costs makes no sense for some designs, if ``answers`` tell so.
        Raises :class:`~archdsl.diagnostics.SpecError` where it makes none for any design."""
        wrong = [answer for answer in answers if isinstance(answer, SpecError)]
        if len(wrong) == len(answers):
            whole = self.fitting(costs, strict)
            every = [answer for part in whole.parts for answer in self._at_ends(need, part, whole)]
            none = [answer for answer in every if isinstance(answer, SpecError)]
            if none and len(none) == len(every):
                raise none[0]
        return wrong[0] if wrong else None

    def is_senseless(self, need: Requirement) -> bool:
        """Whether a requirement over values makes no sense for some design that meets those before
        it: then those that meet it and those that miss it are not all."""
        needs = _over_values(self.program.requirements)
        before = needs[: needs.index(need)]
        met = self.fitting(strict=True, needs=(*before, need)).count
        missed = self.fitting(strict=True, needs=before, missed=(need,)).count
        return met + missed < self.fitting(strict=True, needs=before).count

    def _at_ends(
        self, need: Requirement, part: DesignGroup, whole: DesignSet
    ) -> tuple[Answer, ...]:
        return Condition(self.program, part.group, whole.costs, need, self.spend).at_ends(part.node)

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
        about_costs = _over_costs(needs)
        if len(about_costs) != 1:
            whole = self.valid(requirements=needs, strict=strict)
            return (0 if whole.unproven else whole.count), whole.count
        others = _over_values(needs)
        whole = self.valid(costs_of(needs, self.program, self.clauses), others, strict)
        low = high = 0
        answers: set[Answer] = set()
        for part in whole.parts:
            condition = Condition(self.program, part.group, whole.costs, about_costs[0], self.spend)
            try:
                found = condition.count(part.node)
            except Unproven:
                found = (0, part.count)
            low, high = low + found[0], high + found[1]
            answers |= condition.answers
        self._why_senseless(about_costs[0], answers, whole.costs, strict)
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
            spread = part.totals(how.weights)
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


def _over_values(needs: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
    return tuple(need for need in needs if not need.measures)


def _over_costs(needs: tuple[Requirement, ...]) -> tuple[Requirement, ...]:
    return tuple(need for need in needs if need.measures)


def _no_sum(metric: str) -> Diagnostic:
    return Diagnostic("E608", f"no one sum of costs gives `{metric}`, so nothing of it is proven")
