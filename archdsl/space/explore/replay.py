"""Running a unit's own code once for each combination of its choices and of its parts' outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import SpecError
from archdsl.evaluate.run import BoundMet
from archdsl.space.diagram import Part, Place, Product, product
from archdsl.space.explore.assumptions import (
    NOTHING,
    Alternatives,
    Assumption,
    Joint,
    scaled,
    settled,
)
from archdsl.space.explore.outcomes import occurrences
from archdsl.space.explore.run import SpaceRun
from archdsl.space.explore.units import in_order
from archdsl.space.explore.work import EFFORT, PART, REPLAY, WAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.space.diagram import Node
    from archdsl.space.explore.assumptions import Assumed, State
    from archdsl.space.explore.explorer import Explorer, Key
    from archdsl.space.explore.met import Met
    from archdsl.space.explore.units import Scope


class Replaying:
    """The exploration of components by running their code: once for each combination of answers,
    counted up like a clock. ``answers`` are those of the run that comes next, so that where one
    raises Needed, :meth:`finish` can be called again later and goes on with it."""

    def __init__(self, explorer: Explorer, key: Key) -> None:
        self.explorer = explorer
        self.key = key
        self.place = Place()
        self.answers: list[int] = []
        self.found = Alternatives()
        self.nested = 0
        self.ops = 0

    def finish(self) -> Joint:
        """All combinations run; what the components come to. Raises Needed."""
        while True:
            run = SpaceRun(self.explorer, self.key, self.place, self.answers)
            run.whole = self.key.components[0][0].whole
            run.need = self.key.components[0][0].need
            try:
                self._replay(run)
            except BoundMet:
                raise
            except SpecError as error:  # these answers make no design; others may
                self.explorer.refused(error, run.need)
            finally:
                self.explorer.spend(1, REPLAY)
                self.explorer.spend(run.effort, EFFORT)
                self.explorer.spend(len(run.met), PART)
            self.answers = run.replay.following()
            if not self.answers:
                break
        return Joint(self.found.items(), self.nested, self.ops)

    def _replay(self, run: SpaceRun) -> None:
        outcomes, amounts = [], self.explorer.outcomes.zero
        slots: dict[int, int] = {}
        ops = 0
        for (unit, takes), times in zip(self.key.components, self.key.times, strict=True):
            run.lends = unit.lends
            node = unit.code(takes, run)
            outcome, own = self.explorer.outcomes.of(node, unit.lends, unit.live, unit.in_module)
            outcomes.append(outcome)
            occurrences(node, times, slots)
            ops += times * getattr(node, "size", 0)
            amounts = tuple([a + times * b for a, b in zip(amounts, own, strict=True)])
        for (_, assumed), way in _closed(run, amounts, slots):
            self.found.add(((tuple(outcomes), assumed)), way)
        self.nested = max(self.nested, run.nested())
        self.ops = max(self.ops, ops + run.ops(slots))


def _closed(
    run: SpaceRun, amounts: tuple[int, ...], slots: dict[int, int]
) -> Iterable[tuple[State, Node]]:
    """The diagram of one combination, for each set of assumptions that it may rest on; the scopes
    that the unit owns are settled in it."""
    first = Product(tuple(run.answered()), (), amounts, run.place)
    states: list[tuple[Assumed, Node]] = [(NOTHING, first)]
    for met in run.met.values():
        states = _with_part(states, met, run, slots)
    found: Iterable[tuple[State, Node]] = [((None, assumed), node) for assumed, node in states]
    if not (run.own or run.modules or run.whole):
        return found
    for scope in _everywhere(found, run):
        found = list(settled(found, scope, (), run.explorer, run.place).items())
    for scope in reversed(
        run.modules
    ):  # each before those that it applies, and before what it reads
        found = list(settled(found, scope, (), run.explorer, run.place).items())
    for scope in in_order(run.to_settle(), run.own):
        found = list(settled(found, scope, run.own[scope], run.explorer, run.place).items())
    return found


def _everywhere(found: Iterable[tuple[State, Node]], run: SpaceRun) -> list[Scope]:
    """What is chosen once for the whole model, if this is the whole model: each before those that
    its choices may read. Raises Unexplorable where there is no such order."""
    if not run.whole:
        return []
    waiting = {s for (_, assumed), _ in found for s, _ in assumed if s not in run.own}
    below = run.explorer.below
    while grown := {o for s in waiting for o in below.get(s, ()) if o not in run.own} - waiting:
        waiting |= grown
    ordered: list[Scope] = []
    while waiting:
        read = {other for s in waiting for other in below.get(s, ()) if other is not s}
        free = [scope for scope in waiting if scope not in read]
        if not free:
            raise run.explorer.crossed()
        ordered.extend(sorted(free, key=lambda scope: scope.rank))
        waiting.difference_update(free)
    return ordered


def _with_part(
    states: list[tuple[Assumed, Node]], met: Met, run: SpaceRun, slots: dict[int, int]
) -> list[tuple[Assumed, Node]]:
    """The states with what was met at one place."""
    times = tuple([slots.get(id(slot), 0) for slot in met.slots])
    outcomes = tuple(met.outcomes)
    if met.scope is not None:
        entries = map(Assumption, met.components, met.outcomes, met.counted(times))
        joint, factor = Joint([((outcomes, frozenset(((met.scope, tuple(entries)),))), None)]), 1
    else:
        owned = {scope: run.own[scope] for scope in met.owned}
        joint, factor = run.explorer.explore(tuple(met.components), met.counted(times), owned)
    gathered = Alternatives()
    for assumed, node in states:
        ways = joint.agreeing(outcomes, assumed, run.explorer)
        run.explorer.spend(len(ways), WAY)
        for more, part in ways:
            both = run.explorer.together(assumed, scaled(more, factor))
            if both is not None:
                inside = Part(part, met.path, None, factor)
                gathered.add(both, node if met.scope else product(node, inside, run.place))
    return list(gathered.items())
