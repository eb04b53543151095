"""Exploring all designs of a program: its parts by themselves, each once.

The interpreter is the one that evaluates a design (archdsl.evaluate). It reaches the parts of an
expression through its run alone, so a run over all designs can cut the program there: each part
with the values it reads is a *unit*. For a list of components (a unit and the type that flows into
it), all met at one place and so under the same answers, an exploration finds for each combination
of outcomes (types that can flow out, or values) the diagram of the designs that lead there. It
runs the units' own code once for each combination of their own choices and of the outcomes of the
units inside them.
"""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from math import gcd
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.evaluate.requirements import UNMET
from archdsl.evaluate.run import BoundMet, too_many_options
from archdsl.space.explore.applying import Applying
from archdsl.space.explore.assumptions import together
from archdsl.space.explore.merging import Merging
from archdsl.space.explore.outcomes import Outcomes
from archdsl.space.explore.replay import Replaying
from archdsl.space.explore.room import with_room
from archdsl.space.explore.rows import Folding
from archdsl.space.explore.units import Units
from archdsl.syntax.bounds import raising

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.evaluate.requirements import Requirement
    from archdsl.graph.nodes import ModuleRef
    from archdsl.space.explore.assumptions import Assumed, Assumption, Joint
    from archdsl.space.explore.units import Component, Owned, Scope
    from archdsl.space.explore.work import Expense

MORE_WORK = "--bound work=20_000_000"  # the flag that allows more of a space
DEEP = 8  # explorations that wait for each other on Python's own stack
REASONS = 100  # different reasons of refusals that are counted
LARGE = 100_000  # objects made by an exploration
NOTHING_OWNED: frozenset[Any] = frozenset()
WORK_RELAXED = 500_000  # for what is asked of a space that took too much


class Unexplorable(BoundMet):
    """A space that cannot be described within bounds; what is said of it comes from samples."""


class Endless(Unexplorable):
    """A recursion that choices alone end."""


class Key(NamedTuple):
    """An exploration: components met at one place, how often each, and the scopes to settle."""

    components: tuple[Component, ...]
    times: tuple[int, ...]
    owned: frozenset[Any]


class Needed(Exception):
    """An exploration has to be done before the one that asks for it can go on."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self.key = key


class Explorer:
    """Everything explored of one program, for some costs.

    ``refusal`` is why the last combination of choices that does not fit was refused. One that is
    ``strict`` refuses combinations that miss a requirement inside a body; ``met_requirements``
    tells whether there are any. ``needs`` are requirements over values of the whole design that it
    holds, too, or holds to be ``missed``; ``senseless`` are those that make no sense for some
    values, and why. One that is ``relaxed`` forgets which value of a let was read: whoever reads it
    next may read another. Its diagram holds all designs and others besides, and is smaller where
    many lets are read together.
    """

    def __init__(
        self,
        costs: tuple[Any, ...] = (),
        bounds: Bounds = DEFAULT,
        work: int | None = None,
        relaxed: bool = False,
        strict: bool = False,
        needs: tuple[Requirement, ...] = (),
        missed: tuple[Requirement, ...] = (),
    ) -> None:
        self.relaxed = relaxed
        self.strict = strict
        self.needs = frozenset((*needs, *missed))
        self.missed = frozenset(missed)
        self.senseless: dict[Requirement, SpecError] = {}
        self.makes_sense: set[Requirement] = set()
        self.met_requirements = False
        self.outcomes = Outcomes(costs)
        self.bounds = bounds
        self.units = Units()
        self.left = bounds.work if work is None else work
        self.options = 0
        self.refusals: Counter[str] = Counter()
        self.refusal: SpecError | None = None
        self.known: dict[Key, Joint] = {}
        self.below: dict[Scope, set[Scope]] = {}
        self.same_weights: dict[Any, bool | None] = {}  # of modules with choices, for two types
        self._together: dict[Any, bool] = {}
        self._several: dict[Component, bool] = {}
        self._under_way: set[Key] = set()
        self._waiting = 0  # explorations that wait for one that they began

    def explore(
        self, components: tuple[Component, ...], times: tuple[int, ...], owned: Owned
    ) -> tuple[Joint, int]:
        """What components come to together, and a factor of all its costs.

        Raises :class:`Needed` where that is not known yet and explorations wait for each other
        deep already: who asks is run again when it is.
        """
        if not self.outcomes.costs:  # how often makes no difference then
            times = (1,) * len(times)
        factor = gcd(*times)
        if factor != 1:
            times = tuple([n // factor for n in times]) if factor else (1,) * len(times)
        owned = _with_private(owned, components)
        key = Key(components, times, frozenset(owned.items()) if owned else NOTHING_OWNED)
        found = self.known.get(key)
        if found is None:
            if self._waiting == DEEP:
                raise Needed(key)
            found = self._result(key)
        return found, factor

    def together(self, first: Assumed, second: Assumed) -> Assumed | None:
        """Both sets of assumptions; None where they contradict each other.

        What is met in one scope has the same choices, so several components do not come to just
        any outcomes together: they are explored together as soon as they are met.
        """
        both = together(first, second)
        if both and first and second:
            several = (entries for _, entries in both if len(entries) > 1)
            if not all(map(self._possible, several)):
                return None
        return both

    def _possible(self, entries: tuple[Assumption, ...]) -> bool:
        """Whether components of one scope come to these outcomes by the same choices."""
        outcomes = frozenset([(entry.component, entry.outcome) for entry in entries])
        found = self._together.get(outcomes)
        if found is None:
            found = self._together[outcomes] = self._explored_together(dict(outcomes))
        return found

    def _explored_together(self, outcomes: dict[Component, Any]) -> bool:
        if sum(map(self._has_several, outcomes)) < 2:
            return True
        every = tuple(sorted(outcomes, key=self.units.number))
        joint, _ = self.explore(every, (1,) * len(every), {})
        return tuple([outcomes[component] for component in every]) in joint

    def _has_several(self, component: Component) -> bool:
        """Whether a component alone comes to more than one outcome."""
        found = self._several.get(component)
        if found is None:
            joint, _ = self.explore((component,), (1,), {})
            found = self._several[component] = len(joint) > 1
        return found

    def result(self, key: Key) -> Joint:
        """What components come to, with all explorations that this takes.

        A stack of our own instead of recursion: programs nest deeper than Python does. Raises
        :class:`Unexplorable` when that takes too much.
        """
        with collecting_later():
            return with_room(lambda: self._result(key))

    def _result(self, key: Key) -> Joint:
        stack = [self._begin(key)]
        self._waiting += 1
        while stack:
            top = stack[-1]
            try:
                found = top.finish()
            except Needed as needed:
                stack.append(self._begin(needed.key))
                continue
            if found.ops > self.bounds.nodes:
                raise Unexplorable(_too_large(self.bounds.nodes))
            self.known[top.key] = found
            self._under_way.discard(top.key)
            stack.pop()
        self._waiting -= 1
        return self.known[key]

    def _begin(self, key: Key) -> Replaying | Folding | Applying | Merging:
        if key in self._under_way:
            raise Endless(_endless())
        if len(self._under_way) > 20 * self.bounds.calls:
            raise Unexplorable(_too_deep())
        self._under_way.add(key)
        unit = key.components[0][0]
        if unit.op is not None and len(key.components) == 1:
            return Applying(self, key)
        if unit.merge is not None and len(key.components) == 1 and not key.owned:
            return Merging(self, key)
        return Folding(self, key) if unit.steps else Replaying(self, key)

    def forget(self) -> None:
        """Begins anew, and takes parts that nest differently deep for different ones."""
        self.units = Units(deep=True)
        self.known.clear()
        self.below.clear()
        self.same_weights.clear()
        self._together.clear()
        self._several.clear()
        self._under_way.clear()
        self._waiting = 0
        self.refusals.clear()

    def crossed(self) -> Unexplorable:
        """The error for choices made once for the whole model of which none can be made first."""
        return Unexplorable(_crossed())

    def varied(self, ref: ModuleRef) -> Unexplorable:
        """The error for a module that has the same weights for different types in some designs, and
        in others not."""
        return Unexplorable(_varied(ref))

    def uneven(self) -> Unexplorable:
        """The error for copies of one choice of which some ignore what flows in."""
        return Unexplorable(_uneven())

    def holds(self, need: Requirement) -> bool:
        """Whether combinations that miss a requirement are refused."""
        return self.strict if need.inner else need in self.needs

    def refused(self, error: SpecError, need: Requirement | None = None) -> None:
        """Take down why a combination is no design; if it is for a condition, of which ``need``."""
        if need is not None and error.diagnostics and error.diagnostics[0].code != UNMET:
            self.senseless.setdefault(need, error)
        if error.diagnostics:
            self.refusal = error
            message = error.diagnostics[0].message
            if message in self.refusals or len(self.refusals) < REASONS:
                self.refusals[message] += 1

    def note_below(self, scope: Scope, joint: Joint) -> None:
        """Take down which other scopes the choices of one that is met everywhere may read."""
        self.below.setdefault(scope, set()).update(joint.scopes)

    def spend(self, times: int, work: Expense) -> None:
        """Account for work that is done so many times. Raises :class:`Unexplorable` when it was too
        much."""
        self.left -= times * (work.alone + work.each_cost * len(self.outcomes.costs))
        if self.left < 0:
            raise Unexplorable(too_much())

    def list(self, options: int, span: Any) -> None:
        """Account for options that are listed. Raises :class:`Unexplorable` for too many."""
        self.options += options
        if self.options > self.bounds.options:
            raise Unexplorable(too_many_options(self.bounds.options, span))


@contextmanager
def collecting_later() -> Iterator[None]:
    """Leaves the garbage collector out: what is explored stays, and is large and without cycles.

    Freezing and unfreezing makes all of it old, so that the collector does not go through it as
    soon as it is back. Who embeds us may keep some frozen, which counting tells: it goes through
    all of that, so it is only asked for what is large.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > LARGE and not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        if running:
            gc.enable()


def _with_private(owned: Owned, components: tuple[Component, ...]) -> Owned:
    """Scopes to settle, with those that only the components read."""
    found = owned
    for unit, _ in components:
        for scope, private in unit.private.items() if unit.private else ():
            found = {**found, scope: tuple(dict.fromkeys((*found.get(scope, ()), *private)))}
    return found


def _endless() -> Diagnostic:
    return Diagnostic(
        "E608",
        "this recursion is ended by choices alone: its designs cannot be counted",
        needed="an argument that ends it, for instance `when(depth > 0, …)`",
    )


def _crossed() -> Diagnostic:
    return Diagnostic(
        "E608",
        "choices that are made once for the whole model contain each other",
        needed="`shared` blocks and layers outside the model that do not meet inside each other; "
        "no `module` of a body in an argument of a `shared` block",
    )


def _varied(ref: ModuleRef) -> Diagnostic:
    return Diagnostic(
        "E608",
        f"the module `{ref.name}` is applied to inputs of different sizes, and it depends on many "
        "choices whether its weights are the same at each",
        needed="inputs of the same size at each mention, or layers whose weights fit any size",
    )


def _uneven() -> Diagnostic:
    return Diagnostic(
        "E608",
        "of the copies that are one choice, some throw away what flows in and others do not",
        needed="copies that all read what flows in, or that choose for themselves (`each`)",
    )


def _too_large(limit: int) -> Diagnostic:
    message = f"some designs may come to more than {limit:,} ops"
    return Diagnostic("E608", message, help=raising("nodes"))


def _too_deep() -> Diagnostic:
    message = "the space nests too deep to be described as a whole"
    return Diagnostic("E608", message, help=raising("calls"))


def too_much() -> Diagnostic:
    """The error for a space that takes more work than is allowed."""
    return Diagnostic(
        "E608",
        "the space takes more than the work allowed to be described as a whole",
        help="fewer choices that are read together, for instance narrower ranges, or more work "
        f"with {MORE_WORK}",
    )
