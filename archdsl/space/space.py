"""A whole space: what can be said of all designs of a program, and how sure it is.

*Fitting* designs fit together and do the task. *Valid* ones meet every ``require`` besides.
What is said of them is *proven* (it follows from the decision diagram), *bounded* (from a relaxed
diagram, that holds all designs and others besides) or *sampled*.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archdsl.cost.compose import Sums
from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.space.best import best
from archdsl.space.design_sets import DesignGroup, DesignSet, Extent, Extreme, ends
from archdsl.space.diagram import union
from archdsl.space.drawing import Sample
from archdsl.space.explore.explorer import (
    WORK_RELAXED,
    Explorer,
    Unexplorable,
    too_much,
)
from archdsl.space.explore.program import explored, trainings
from archdsl.space.limiting import NODE, Limiting
from archdsl.space.measured import Measured, measured
from archdsl.space.metrics import metric_of, sort_key
from archdsl.space.restrict import STATES
from archdsl.space.single import single
from archdsl.space.together import meeting
from archdsl.space.valid import Condition, costs_of, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.cost.compose import Composition
    from archdsl.cost.metric import Metric
    from archdsl.evaluate.program import Clauses, Program
    from archdsl.evaluate.requirements import Requirement
    from archdsl.source import Span

    Costs = tuple[Composition, ...]
    Needs = tuple[Requirement, ...]


QUESTION = 100  # the work, in microseconds, of asking for the ends of a metric
SHARE = 3  # counting the designs within several limits takes one in so many parts of the work left
FEW_STATES = 50_000  # allowed of such a diagram where it has to be quick


class Space:
    """The designs of one program, explored when they are asked for, once for each set of costs.

    Every question raises :class:`~archdsl.space.explore.explorer.Unexplorable` (a SpecError) where
    the space takes too much to be described within its ``work``, that all questions share.
    ``states`` bounds the diagram of the designs that meet a limit. ``refusals`` counts, by reason,
    the combinations of choices that do not fit.
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
        self.work_relaxed = WORK_RELAXED
        self.limiting = Limiting(states, self.spend)
        self.refusals: Counter[str] = Counter()
        self._unread: tuple[tuple[str, Span], ...] = ()
        # What was found out, or failed, by what was asked for:
        self._explored: dict[tuple[bool, Needs, Needs], list[DesignSet]] = {}
        self._failed: dict[tuple[Costs, bool, Needs, Needs], SpecError] = {}
        self._valid: dict[tuple[Costs, Needs, bool], DesignSet] = {}
        self._unproven: dict[tuple[Needs, bool], Needs] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Space, (self.program, self.bounds_of_one, self.states)  # to be explored anew

    def fitting(
        self,
        costs: Costs = (),
        strict: bool = False,
        needs: Needs = (),
        missed: Needs = (),
    ) -> DesignSet:
        """The designs that fit together and do the task, with some costs and perhaps more.

        ``strict``: only those that meet the requirements inside blocks and the model. ``needs`` are
        requirements of the arch over values that they meet besides, ``missed`` those that they do
        not. Raises :class:`~archdsl.diagnostics.SpecError` for one that makes no sense for any
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

    def explore_together(self, costs: Costs) -> None:
        """Explores once for all of some costs that add up: that takes little more than for none.
        Raises :class:`Unexplorable` where the fitting designs take too much."""
        needs = self.program.requirements
        more = costs_of(needs, self.program, (self.program.clauses,))
        costs = tuple(dict.fromkeys((*costs, *(cost for cost in more if isinstance(cost, Sums)))))
        self.fitting(costs)
        with suppress(Unexplorable):
            self.fitting(costs, True, _over_values(needs))

    @contextmanager
    def sharing(self, parts: int) -> Iterator[None]:
        """Takes no more for what is asked than one of so many ``parts`` of the work that is left.
        What takes more than that may be asked again."""
        failed, others = dict(self._failed), self.work - self.work // parts
        self.work -= others
        try:
            yield
        except Unexplorable:
            self._failed = failed
            raise
        finally:
            self.work += others

    @cached_property
    def clauses(self) -> tuple[Clauses, ...]:
        """The clauses that designs can have, once for each way to train them."""
        if not self.program.open_clauses:
            return (self.program.clauses,)
        explorer = Explorer((), self.bounds_of_one, self.work)
        try:
            ways = trainings(self.program, explorer)
        finally:
            self.work = max(explorer.left, 0)
        return tuple(trained.clauses for trained, _ in ways)

    def _explore(
        self,
        costs: Costs,
        strict: bool,
        needs: Needs,
        missed: Needs,
    ) -> DesignSet:
        explorer = Explorer(
            costs, self.bounds_of_one, self.work, strict=strict, needs=needs, missed=missed
        )
        try:
            groups = explored(self.program, explorer)
        finally:
            self.work = max(explorer.left, 0)
        # Where no requirement stands inside a body, strict or not are the same designs.
        strictly = (strict,) if explorer.met_requirements else (False, True)
        if False in strictly and not (needs or missed):
            self.refusals = explorer.refusals
            self._unread = explorer.units.unread()
        wrong = {n: why for n, why in explorer.senseless.items() if n in needs}
        none = [need for need in wrong if need not in explorer.makes_sense]
        if none and needs == (none[0],) and not strict:
            raise wrong[none[0]]
        for need in none:  # it made no sense for those that meet the others: ask about it alone
            self.fitting(needs=(need,))
        parts = tuple(DesignGroup(group, node) for group, node in groups)
        found = DesignSet(parts, costs, (), tuple(wrong.items()))
        for one in strictly:
            self._explored.setdefault((one, needs, missed), []).append(found)
        return found

    def relaxed(self, costs: Costs = ()) -> DesignSet:
        """All fitting designs and others besides: what is read of a let is not held to be the same
        everywhere. Counts and bounds of it are outer bounds."""
        explorer = Explorer(costs, self.bounds_of_one, self.work_relaxed, relaxed=True)
        try:
            groups = explored(self.program, explorer)
        finally:
            self.work_relaxed = max(explorer.left, 0)
        return DesignSet(tuple(DesignGroup(group, node) for group, node in groups), costs)

    def valid(
        self,
        costs: Costs = (),
        requirements: Needs | None = None,
        strict: bool = True,
    ) -> DesignSet:
        """The designs that meet what the spec requires, or some of it; and what blocks and the
        model require, unless that is not ``strict``."""
        needs = self.program.requirements if requirements is None else requirements
        every = tuple(dict.fromkeys((*costs_of(needs, self.program, self.clauses), *costs)))
        found = self._valid.get((every, needs, strict))
        if found is None:
            whole = self.fitting(every, strict, _over_values(needs))
            found = self._meeting(needs, whole, strict)
            self._valid[every, needs, strict] = found
            self._unproven[needs, strict] = found.unproven  # the same designs for all costs
        return found

    def _meeting(self, requirements: Needs, whole: DesignSet, strict: bool) -> DesignSet:
        """Of the designs that meet the requirements over values, those that meet all that can be
        told; what was found unproven once is not tried again for further costs."""
        parts: list[DesignGroup] = []
        unproven = dict.fromkeys(self._unproven.get((requirements, strict), ()))
        needs = tuple(need for need in _over_costs(requirements) if need not in unproven)
        asked: list[Condition] = []
        for part in whole.parts:
            conditions = self._conditions(needs, part, whole)
            node, undecided = kept(part.node, conditions, self.limiting.restricted)
            unproven.update(dict.fromkeys(undecided))
            asked += conditions
            if node is not None:
                parts.append(DesignGroup(part.group, node))
        senseless = (*whole.senseless, *self._senseless(needs, asked, whole.costs, strict))
        return DesignSet(tuple(parts), whole.costs, tuple(unproven), senseless)

    def _conditions(self, needs: Needs, part: DesignGroup, whole: DesignSet) -> list[Condition]:
        """Requirements over costs, as they are for one group of some designs."""
        return [
            Condition(self.program, part.group, whole.costs, need, self.limiting) for need in needs
        ]

    def _senseless(
        self,
        needs: Needs,
        asked: list[Condition],
        costs: Costs,
        strict: bool,
    ) -> tuple[tuple[Requirement, SpecError], ...]:
        """The requirements over costs that make no sense for some of the designs that they were
        ``asked`` about, and why. Raises SpecError for one that makes none for any design."""
        found = []
        for need in needs:
            conditions = [condition for condition in asked if condition.need is need]
            if not any(condition.makes_sense for condition in conditions):
                self._refuse_senseless(need, self.fitting(costs, strict))
            wrong = [one.senseless for one in conditions if one.senseless is not None]
            found += [(need, why) for why in wrong[:1]]
        return tuple(found)

    def _refuse_senseless(self, need: Requirement, whole: DesignSet) -> None:
        """Raises SpecError where a requirement over costs makes sense for no design, as far as the
        least and the largest of each group tell."""
        wrong = None
        for part in whole.parts:
            (condition,) = self._conditions((need,), part, whole)
            condition.ask_at_ends(part.node)
            if condition.makes_sense:
                return
            wrong = wrong or condition.senseless
        if wrong is not None:
            raise wrong

    def is_senseless(self, need: Requirement) -> bool:
        """Whether a requirement over values makes no sense for some design that meets those before
        it: then those that meet it and those that miss it are not all."""
        needs = _over_values(self.program.requirements)
        before = needs[: needs.index(need)]
        met = self.fitting(strict=True, needs=(*before, need)).count
        missed = self.fitting(strict=True, needs=before, missed=(need,)).count
        return met + missed < self.fitting(strict=True, needs=before).count

    def unread(self) -> tuple[tuple[str, Span], ...]:
        """The choices, by path and place, of lets that nothing reads in any design."""
        self.fitting()
        return self._unread

    def count(self, valid: bool = False) -> int:
        """How many designs fit together and do the task, or are ``valid`` besides; at most so many
        where some requirement could not be decided for all (see :meth:`counted`)."""
        return self.counted()[1] if valid else self.fitting().count

    def counted(self, needs: Needs | None = None, strict: bool = True) -> tuple[int, int]:
        """How many designs meet what the spec requires, or some of it: no fewer than the first
        number and no more than the second."""
        needs = self.program.requirements if needs is None else needs
        costs = costs_of(needs, self.program, self.clauses)
        over_costs, whole = _over_costs(needs), self.valid(costs, _over_values(needs), strict)
        low = high = 0
        asked: list[Condition] = []
        for part in whole.parts:
            conditions = self._conditions(over_costs, part, whole)
            with self.sharing(SHARE):
                found = meeting(part.node, conditions, self.limiting.restricted)
            low, high = low + found.low, high + found.high
            asked += conditions
        self._senseless(over_costs, asked, whole.costs, strict)
        return low, high

    def bounds(self, metric: str, valid: bool = False) -> Extent | None:
        """The least and the largest value that designs have of a metric such as ``params`` or
        ``memory(training)``; None when there is no design.

        Raises :class:`~archdsl.diagnostics.SpecError` for a metric there is not.
        """
        both = ends(self.measured(metric, valid))
        found = [Extreme(value, single(part.node, rank)) for value, part, rank in both]
        return Extent(*found) if found else None

    def outer_bounds(self, metric: str, relaxed: DesignSet | None = None) -> tuple[Any, Any] | None:
        """Values that no design is below, or above, in a metric, for a space that takes too much to
        be described; None when there is no design. Whether one has them is not known."""
        one = metric_of(metric, self.program)
        if self.program.open_clauses:
            raise Unexplorable(too_much())
        whole = relaxed or self.relaxed(one.compositions)
        both = ends((part, _measured(one, metric, part, whole)) for part in whole.parts)
        return (both[0][0], both[1][0]) if both else None

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
        """The designs in the order of a metric, the least first or the ``largest``; proven.

        Raises :class:`~archdsl.diagnostics.SpecError` for a metric there is not.
        """
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
            how = _measured(one, metric, parts[0], whole)
            group = parts[0]
            if len(parts) > 1:
                group = DesignGroup(group.group, union([part.node for part in parts]))
            self.spend(QUESTION + (0 if how.constant else group.size * NODE))
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


def _measured(metric: Metric, text: str, part: DesignGroup, whole: DesignSet) -> Measured:
    found = measured(metric, part.group, whole.costs)
    if found is None:
        raise Unexplorable(_no_sum(text))
    return found


def _over_values(needs: Needs) -> Needs:
    return tuple(need for need in needs if not need.measures)


def _over_costs(needs: Needs) -> Needs:
    return tuple(need for need in needs if need.measures)


def _no_sum(metric: str) -> Diagnostic:
    return Diagnostic(
        "E608",
        f"`{metric}` does not follow from one sum over the layers, so that its values of all "
        "designs cannot be told at once",
        help="single designs are measured and held to limits on it all the same",
    )
