"""The run of a unit over all designs: its choices are tried in turn, its parts are explored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import SpecError
from archdsl.evaluate.frames import Closure, Frame, Pending, Tensor, Values, pendings
from archdsl.evaluate.layers import Layer
from archdsl.evaluate.lists import Listed
from archdsl.evaluate.liveness import read_besides
from archdsl.evaluate.requirements import Decided, hold
from archdsl.evaluate.run import NO_NAMES, Run, no_choices, other_options
from archdsl.evaluate.scalars import looked_up, truth
from archdsl.evaluate.sharing import refuse_reading
from archdsl.graph import build
from archdsl.graph.nodes import Explored, Fragment, Slot
from archdsl.space.answers import Replay
from archdsl.space.diagram import Answer
from archdsl.space.explore.alike import same_weights, values_of
from archdsl.space.explore.closed import Open
from archdsl.space.explore.making import Names, is_plain, layer_unit, let_unit, value_unit
from archdsl.space.explore.met import Met
from archdsl.space.explore.units import Scope, Unit, Value, read_by, reads, scopes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from archdsl.evaluate.requirements import Requirement
    from archdsl.evaluate.run import Alike, ChoicePoint
    from archdsl.graph.nodes import ModuleRef, Node
    from archdsl.space.diagram import Place
    from archdsl.space.explore.assumptions import Joint
    from archdsl.space.explore.explorer import Explorer, Key
    from archdsl.space.explore.units import Component, Owned
    from archdsl.types import TensorType


READ = 4  # names looked up, or components compared, that are as much effort as one value


class SpaceRun(Run):
    """One combination of answers: those given, then first options."""

    strict_requires = True
    decides_early = True

    __slots__ = (
        "alone", "chosen",
        "explorer", "forked",
        "kept",
        "lends",
        "met", "modules",
        "need",
        "own",
        "place",
        "probing",
        "read_already",
        "read_by_modules",
        "replay",
        "whole",
    )  # fmt: skip

    def __init__(self, explorer: Explorer, key: Key, place: Place, given: list[int]) -> None:
        super().__init__(no_choices, explorer.bounds)
        self.explorer = explorer
        self.place = place
        self.replay = Replay(given)
        self.chosen: dict[str, tuple[ChoicePoint, int]] = {}
        self.met: dict[Any, Met] = {}
        self.own: Owned = dict(key.owned)
        self.kept: frozenset[Scope] = frozenset()
        self.alone = len(key.components) == 1
        self.forked = False  # whether what was met last may come to several things
        self.lends = False
        self.modules: list[Scope] = []  # of the body that this is, as they were made
        self.read_by_modules: frozenset[Scope] = frozenset()
        self.read_already: dict[Pending, Any] = {}
        self.probing = False
        self.need: Requirement | None = None  # the one that this is a part of
        self.whole = False

    # What the closing of a combination asks ---------------------------------------------------

    def answered(self) -> Iterator[Answer]:
        return (Answer(path, point, option) for path, (point, option) in self.chosen.items())

    def to_settle(self) -> list[Scope]:
        """The scopes of this unit that no part was given to settle."""
        given = frozenset().union(*(met.owned for met in self.met.values()))
        return [scope for scope in self.own if scope not in given]

    @property
    def holds_requirements(self) -> bool:  # type: ignore[override]
        """Whether those inside bodies are held; if not, that there are some is noted."""
        self.explorer.met_requirements = True
        return self.explorer.strict

    # What the interpreter asks ----------------------------------------------------------------

    def ask(self, path: str, point: ChoicePoint) -> int:
        if self.probing:
            raise Open
        known = self.chosen.get(path)
        if known is not None:
            if known[0] is not point and known[0].labels != point.labels:
                raise other_options(path, known[0], point)
            return known[1]
        option = self.replay.pick(point.size)
        self.chosen[path] = (point, option)
        return option

    def listed(self, options: int, span: Any) -> None:
        """Options are counted over all that is explored."""
        self.explorer.list(options, span)

    def spend_body(self, depth: int, span: Any) -> None:
        """Bodies are not counted over all designs; each is explored once."""
        self.bodies = 0
        if self.explorer.units.deep:
            super().spend_body(depth, span)
        self.bodies = 1

    def nested(self) -> int:
        """How deep bodies nest in this unit, at most."""
        return self.bodies + max((met.nested for met in self.met.values()), default=0)

    def ops(self, slots: dict[int, int]) -> int:
        """How many ops the parts of this unit come to, at most; ``slots`` tells how often each part
        stands in it."""
        return sum(
            met.ops * max((slots.get(id(slot), 0) for slot in met.slots), default=0)
            for met in self.met.values()
        )

    def apply(
        self,
        layer: Any,
        frame: Frame,
        takes: TensorType,
        rest: Set[str] | None = None,
        alike: Alike | None = None,
        lends: bool = False,
        live: Set[str] = NO_NAMES,
    ) -> Node:
        self.effort += 1 + len(layer.free) // READ
        self.forked = False
        if is_plain(layer, frame):
            return layer.apply(frame, takes, self)  # type: ignore[no-any-return]
        lends = lends or self.lends  # a part of what lends may be what is lent
        if layer.hands_on:
            before = self.kept, self.lends
            self.kept, self.lends = self._kept(rest, frame), lends
            node: Node = layer.apply(frame, takes, self)
            self.kept, self.lends = before
            return node
        unit = layer_unit(self.explorer.units, layer, frame, lends, live)
        met = self._met((frame.path, layer), frame.path, None)
        self._give(met, unit, self._kept(rest, frame))
        return self._step(met, (unit, takes), alike)  # type: ignore[no-any-return]

    def read_besides(self, body: Any, frame: Frame) -> dict[str, frozenset[str]]:
        """Lets that are surely read: which others read them besides makes no difference to costs
        that add up."""
        if not self.explorer.outcomes.add_up:
            return {}
        bound = frame.env.items()
        tensors = frozenset(name for name, one in bound if type(one) in (Tensor, Closure))
        known = self.explorer.units.besides
        found = known.get((body, tensors))
        if found is None:
            found = known[body, tensors] = read_besides(body, tensors)
        return found

    def once(self, layer: Any, frame: Frame, takes: TensorType) -> Node:
        scope = self.explorer.units.scope(("let", frame.path), frame.path, None)
        unit = layer_unit(self.explorer.units, layer, frame)
        return self._step(self._met(scope, "", scope), (unit, takes))  # type: ignore[no-any-return]

    def make(self, module: Any, frame: Frame) -> Closure:
        units = self.explorer.units
        if self.whole:
            scope = units.scope(("module", frame.path), frame.path, None)
        else:
            scope = units.scope((self.place, module, frame.path), frame.path, self.place)
            self.modules.append(scope)
            self.read_by_modules |= scopes_of(module.free, frame.env)
        return Closure(module.layer, frame, frame.path, module.name, scope)

    def module(
        self, closure: Closure, frame: Frame, takes: TensorType, lends: bool = False
    ) -> Node:
        unit = layer_unit(self.explorer.units, closure.layer, frame, lends)
        scope: Scope = closure.scope
        node: Node = self._step(self._met(scope, "", scope), (unit, takes))
        refuse_reading(closure, node)
        return node

    def same_weights(
        self, closure: Closure, fragment: Fragment, first: ModuleRef, other: ModuleRef
    ) -> bool:
        found = same_weights(closure, first.takes, other.takes, self.explorer)
        if found is None:
            raise self.explorer.varied(first)
        return found

    def default(self, default: Any, inner: Frame) -> Any:
        thing = default.settled(inner)
        if not default.shared or isinstance(thing, Layer):
            return default.value(inner, self)
        self._read_all(inner)
        known = self._probed(thing, inner)
        if known is not None:
            return known.value
        scope = self.explorer.units.scope(("default", inner.path), inner.path, None)
        return self._step(self._met(scope, "", scope), (self._value_unit(thing, inner), None))

    def call(self, layer: Any, inner: Frame, takes: TensorType) -> Node:
        if layer.body.shared:
            self._read_all(inner)
        here = _again(inner)

        def code(takes: TensorType, run: Run) -> Node:
            return _called(layer, here, takes, run)

        return self._body(layer.body, code, inner, takes, self.kept)

    def model(self, body: Any, frame: Frame, takes: TensorType, rest: Set[str]) -> Node:
        here = _again(frame)

        def code(takes: TensorType, run: Run) -> Node:
            return build.call(body.evaluate(here.at(""), takes, run), body.span)

        return self._body(body, code, frame, takes, self._kept(rest, frame))

    def _body(
        self, body: Any, code: Any, frame: Frame, takes: TensorType, kept: frozenset[Scope]
    ) -> Node:
        """A body with what its frame binds, as a unit."""
        env = frame.env
        units = self.explorer.units
        key = ("body", body, units.level(frame)[1:], reads(Names(env), env, frame.depth))
        unit = self.explorer.units.unit(
            key, code, lambda: scopes_of(env, env), in_module=frame.in_module
        )
        if body.shared:
            scope = self.explorer.units.scope(("shared", frame.path), frame.path, None)
            return self._step(self._met(scope, "", scope), (unit, takes))  # type: ignore[no-any-return]
        met = self._met((frame.path, body), frame.path, None)
        self._give(met, unit, kept)
        return self._step(met, (unit, takes))  # type: ignore[no-any-return]

    def tail(self, body: Any, start: int, frame: Frame, takes: TensorType) -> Node | None:
        """Behind a let that may come to several things, the rest of the body is explored for each
        of them: what does not tell them apart is explored once.

        Components that share their choices must meet them at the same places, so bodies met
        together are not cut.
        """
        if not self.forked or not self.alone:
            return None
        here = frame.at("")

        def code(takes: TensorType, run: Run) -> Any:
            return body.evaluate(_again(here), takes, run, start)

        names = body.free_from[start]
        read = reads(Names(names), frame.env, frame.depth)
        key = ("tail", body, start, self.explorer.units.level(frame), read)
        unit = self.explorer.units.unit(
            key, code, lambda: scopes_of(names, frame.env), in_module=frame.in_module
        )
        met = self._met((frame.path, body, start), frame.path, None)
        self._give(met, unit, self.kept)
        return self._step(met, (unit, takes))  # type: ignore[no-any-return]

    def row(self, owner: Any, path: str, steps: list[tuple[Any, Frame]], takes: TensorType) -> Node:
        if not steps:
            return build.chain([], takes, owner.span)
        self.effort += len(steps)
        parts = tuple((layer, f.path, reads(layer, f.env, f.depth)) for layer, f in steps)
        level = self.explorer.units.level(steps[0][1])
        scopes = frozenset().union(*(scopes_of(layer.free, f.env) for layer, f in steps))
        key = ("row", level, parts)
        in_module = steps[0][1].in_module
        unit = self.explorer.units.unit(
            key, None, lambda: scopes, tuple(steps), self.lends, in_module=in_module
        )
        met = self._met((path, owner, "row"), "", None)
        self._give(met, unit, self.kept)
        return self._step(met, (unit, takes))  # type: ignore[no-any-return]

    def value(self, scalar: Any, frame: Frame, rest: Set[str] | None = None) -> Any:
        self.effort += 1 + len(scalar.free) // READ
        if self.probing:
            return scalar.value(frame, self)
        if scalar.hands_on:
            before, self.kept = self.kept, self._kept(rest, frame)
            found = scalar.value(frame, self)
            self.kept = before
            return found
        known = self._probed(scalar, frame)
        if known is not None:
            return known.value
        unit = self._value_unit(scalar, frame)
        met = self._met((frame.path, scalar), frame.path, None)
        self._give(met, unit, self._kept(rest, frame))
        return self._step(met, (unit, None))

    def bind(
        self,
        scalar: Any,
        frame: Frame,
        private: frozenset[str] = frozenset(),
        decided: Decided | None = None,
    ) -> Any:
        held = self._held(decided, frame) if decided and decided.needs else None
        known = None if held else self._probed(scalar, frame)
        if known is not None:
            return known.value
        if type(scalar) is Listed:
            return self._bind_items(scalar, frame, held)
        units = self.explorer.units
        unit = let_unit(units, scalar, frame, held) if held else self._value_unit(scalar, frame)
        key = (self.place, scalar, frame.path)
        scope = units.scope(key, frame.path, self.place, scalar)
        for other in (frame.env.get(name) for name in private):
            if type(other) is Pending and other.scope in self.own:
                unit.private[other.scope] = self.own.pop(other.scope)
        self.own[scope] = (*self.own.get(scope, ()), (unit, None))
        scope.read = scope.read or bool(decided and decided.needs)
        return Pending(scope, unit)

    def _bind_items(self, scalar: Listed, frame: Frame, held: Decided | None) -> Values:
        """A list as it is written: each item is a let of its own, so that what reads one of them
        need not know the others."""
        self.effort += len(scalar.items)
        values = Values([self.bind(item, frame) for item in scalar.items])
        for need in held.needs if held else ():
            self.hold(need, frame.binding(held.name, values))  # type: ignore[union-attr]
        return values

    def _held(self, decided: Decided, frame: Frame) -> Decided | None:
        """What a let decides of the requirements that are held; all that they speak of is read."""
        for name in {name for need in decided.needs for name in need.condition.free}:
            for bound in pendings(frame.env.get(name)):
                bound.scope.read = True
        if any(need.inner for need in decided.needs):
            self.explorer.met_requirements = True
        needs = tuple(need for need in decided.needs if self.explorer.holds(need))
        return Decided(decided.name, needs) if needs else None

    def read(self, pending: Pending) -> Any:
        if self.probing:
            raise Open
        pending.scope.read = True
        if self.explorer.relaxed:
            return self._any_value(pending)
        met = self._met(pending.scope, "", pending.scope)
        return self._step(met, (pending.unit, None))

    def _any_value(self, pending: Pending) -> Any:
        """A value of a let, whatever others read; this run reads the same one again."""
        if pending not in self.read_already:
            options = values_of(pending, self.explorer)
            if not options:
                raise self.explorer.refusal or SpecError()
            self.read_already[pending] = options[self.replay.pick(len(options))]
        return self.read_already[pending]

    # Units and what they come to --------------------------------------------------------------

    def _probed(self, scalar: Any, frame: Frame) -> Value | None:
        """The value of an expression without choices; None for others."""
        before, self.probing = self.probing, True
        try:
            return Value(scalar.value(frame, self))
        except Open:
            return None
        finally:
            self.probing = before

    def _value_unit(self, scalar: Any, frame: Frame) -> Unit:
        return value_unit(self.explorer.units, scalar, frame, self.need)

    def hold(self, need: Requirement, frame: Frame) -> None:
        """Raises SpecError where a requirement is not met, or met although it is to be missed."""
        self.need = need
        if need not in self.explorer.missed:
            hold(need, frame, self)
        elif truth(need.condition, frame, self):
            raise SpecError
        self.explorer.makes_sense.add(need)
        self.need = None

    def _read_all(self, inner: Frame) -> None:
        """The arguments of a shared block looked up, and what layers among them read: its choices
        are made once for the whole model, where no scope of a body is known."""
        for name, value in inner.env.items():
            inner.env[name] = self._looked_up(value)

    def _looked_up(self, value: Any) -> Any:
        if type(value) is Pending or type(value) is Values:
            return looked_up(value, self)
        if type(value) is Closure and value.module and value.scope.place is not None:
            raise self.explorer.crossed()
        if type(value) is not Closure or value.path is not None:
            return value
        frame = value.frame
        read = {n: self._looked_up(frame.env[n]) for n in value.layer.free if n in frame.env}
        if all(frame.env[name] is one for name, one in read.items()):
            return value
        env = {**frame.env, **read}
        return Closure(value.layer, frame.among(env))

    def _kept(self, rest: Set[str] | None, frame: Frame) -> frozenset[Scope]:
        """The scopes that something beside a part reads."""
        if not self.own:
            return self.kept
        if rest is None:
            return self.kept | self.own.keys()
        return self.kept | scopes_of(rest, frame.env)

    def _give(self, met: Met, unit: Unit, kept: frozenset[Scope]) -> None:
        """Leaves it to a part to settle the scopes that it alone reads."""
        given = (unit.scopes & self.own.keys()) - kept - self.read_by_modules
        for other in self.met.values() if given else ():
            if other is not met:
                given -= read_by(other.components) | {other.scope}
        given |= self._idle(given, unit, kept) if given else set()
        while given:  # a let that nothing reads is settled here, after those that it reads
            read = read_by(c for scope in self.own.keys() - given for c in self.own[scope])
            if not given & read:
                break
            given -= read
        met.owned = met.owned | given

    def _idle(self, given: frozenset[Scope], unit: Unit, kept: frozenset[Scope]) -> set[Scope]:
        """Lets that nothing reads, but that read what a part is given: they go with it, or it would
        have to remember what they read. A requirement makes such a let."""
        read = unit.scopes | kept | read_by(c for owned in self.own.values() for c in owned)
        for met in self.met.values():
            read |= read_by(met.components) | met.owned
        return {s for s, owned in self.own.items() if s not in read and read_by(owned) & given}

    def _met(self, key: Any, path: str, scope: Scope | None) -> Met:
        met = self.met.get(key)
        if met is None:
            met = self.met[key] = Met(path, scope)
        return met

    def _step(self, met: Met, component: Component, alike: Alike | None = None) -> Any:
        """One of the outcomes that a component can have, in keeping with what else was met at its
        place."""
        if component in met.components:
            return met.slots[met.components.index(component)]
        options = self._options(met, component, alike)
        if not options:
            raise self.explorer.refusal or SpecError()
        self.forked = len(options) > 1
        outcome = options[self.replay.pick(len(options))] if self.forked else options[0]
        met.components.append(component)
        met.outcomes.append(outcome)
        made = outcome.value if type(outcome) is Value else outcome
        if type(outcome) is Explored:
            made = Slot("", outcome, None, outcome.refs)  # type: ignore[arg-type]
        met.slots.append(made)
        return made

    def _options(self, met: Met, component: Component, alike: Alike | None) -> list[Any]:
        """What a component can come to beside those met at its place before. Where it comes to one
        thing whatever is chosen, they need not be explored together to know that."""
        owned = {} if met.scope else {scope: self.own[scope] for scope in met.owned}
        alone = self._explored(met, (component,), owned)
        options = alone.following((), alike)
        if not met.components or len(options) < 2:
            return options
        together = self._explored(met, (*met.components, component), owned)
        return together.following(tuple(met.outcomes), alike)

    def _explored(self, met: Met, components: tuple[Component, ...], owned: Owned) -> Joint:
        self.effort += len(components) // READ
        joint, _ = self.explorer.explore(components, (1,) * len(components), owned)
        met.nested = max(met.nested, joint.nested)
        met.ops = max(met.ops, joint.ops)
        if met.scope is not None and met.scope.place is None:
            self.explorer.note_below(met.scope, joint)
        return joint


def _again(frame: Frame) -> Frame:
    """A frame of the same body, whose names may be bound anew."""
    return frame.among(dict(frame.env)).at("")


def _called(layer: Any, here: Frame, takes: TensorType, run: Run) -> Node:
    outcome = layer.evaluated(_again(here), takes, run)
    fragment = outcome if type(outcome) is Fragment else layer.told(outcome, run)
    return build.call(fragment, layer.span)
