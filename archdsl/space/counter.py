"""The states of a space being counted: bodies, lets, and scopes that are chosen once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import SpecError
from archdsl.evaluate import layers
from archdsl.evaluate.frames import Closure, Frame, Tensor, key_of
from archdsl.evaluate.run import Run
from archdsl.space.tally import (
    Memory,
    Outcome,
    Settled,
    Tally,
    Uncountable,
    add,
    alike,
    certain,
    join,
)
from archdsl.space.values import points, values

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from archdsl.evaluate.body import Body
    from archdsl.evaluate.bounds import Bounds
    from archdsl.evaluate.program import Program

Layer = Any
LayerRule = Callable[["Counter", Any, Frame, Outcome], Tally]


class Counter:
    """Counts one program. ``rules`` tally each kind of layer."""

    def __init__(self, rules: Mapping[type, LayerRule], bounds: Bounds) -> None:
        self.rules = rules
        self.run = Run(_unasked, bounds)
        self.memo: dict[Hashable, Tally] = {}
        self.interned: dict[Any, int] = {}
        self.refusal: SpecError | None = None

    def program(self, program: Program) -> int:
        states: list[tuple[dict[str, Any], int]] = [(dict(program.constants), 1)]
        for name, thing in program.lets:
            states = [new for state in states for new in self.outer_let(name, thing, *state)]
        total = 0
        for env, times in states:
            frame = Frame(dict(env), "", 0, 0)
            tally = self.body(program.model, frame, Outcome(program.input, Memory()))
            total += times * sum(tally.counts.values())
        return total

    def outer_let(
        self, name: str, thing: Any, env: dict[str, Any], times: int
    ) -> list[tuple[dict[str, Any], int]]:
        frame = Frame(env, "", 0, 0)
        settled = thing.settled(frame) if isinstance(thing, layers.Either) else thing
        if isinstance(settled, layers.Layer):
            return [({**env, name: Closure(settled, frame, f".{name}")}, times)]
        return [({**env, name: v}, times * n) for v, n in values(settled, frame, self.run)]

    def layer(self, layer: Layer, frame: Frame, state: Outcome) -> Tally:
        return self.rules[type(layer)](self, layer, frame, state)

    def guarded(self, layer: Layer, frame: Frame, state: Outcome) -> Tally:
        """A layer's tally; none when it does not fit."""
        try:
            return self.layer(layer, frame, state)
        except SpecError as error:
            self.refusal = error
            return Tally({}, (("refused",),))

    def body(self, body: Body, frame: Frame, state: Outcome) -> Tally:
        self.run.spend_body(frame.depth, body.span)
        takes = state.type
        env = {**frame.env, "x": Tensor(takes)}
        states: dict[Hashable, tuple[dict[str, Any], Memory, int]] = {None: (env, state.memory, 1)}
        shape: list[Any] = []
        for name, thing, _ in body.lets:
            states, met = self.let(name, thing, frame, takes, states)
            shape.append(met)
        counts: dict[Outcome, int] = {}
        shapes = []
        for env, memory, times in states.values():
            inner = Frame(env, frame.path, frame.depth, frame.home)
            result = body.settled_result(inner)
            tally = self.guarded(result, inner, Outcome(takes, memory))
            add(counts, tally.counts, times)
            shapes.append(tally.shape)
        return Tally(counts, join(tuple(shape), alike(shapes)))

    def let(
        self, name: str, thing: Any, frame: Frame, takes: Any, states: dict[Hashable, Any]
    ) -> tuple[dict[Hashable, Any], Any]:
        merged: dict[Hashable, Any] = {}
        shapes = []
        for env, memory, times in states.values():
            inner = Frame(env, frame.path, frame.depth, frame.home)
            for value, after, n, shape in self.bindings(thing, inner, Outcome(takes, memory)):
                bound = {**env, name: value}
                key = (tuple(key_of(v, frame.depth) for v in bound.values()), after)
                seen = merged.get(key, (bound, after, 0))
                merged[key] = (bound, after, seen[2] + times * n)
                shapes.append(shape)
        return merged, alike(shapes)

    def bindings(self, thing: Any, frame: Frame, state: Outcome) -> list[Any]:
        settled = thing.settled(frame) if isinstance(thing, layers.Either) else thing
        if isinstance(settled, layers.Layer):
            tally = self.guarded(settled, frame, state)
            node = _single_op(settled, frame, state, self.run)
            return [
                (Tensor(outcome.type, node), outcome.memory, n, tally.shape)
                for outcome, n in tally.counts.items()
            ]
        shape = (points(settled),)
        return [(v, state.memory, n, shape) for v, n in values(settled, frame, self.run)]

    def intern(self, shape: Any) -> int:
        return self.interned.setdefault(shape, len(self.interned))

    def once(self, scope: str, key: Hashable, state: Outcome, tally: Callable[[], Tally]) -> Tally:
        """A tally under a scope whose choices are made once."""
        settled = state.memory.find(scope)
        if settled is not None and settled.key == key:
            return certain(Outcome(settled.type, state.memory))
        found = tally()
        shape = self.intern(found.shape)
        uniform = len(found.counts) == 1
        if settled is None:
            return self.settle(scope, key, found, shape)
        if not (uniform and settled.uniform and settled.shape == shape):
            if len(found.counts) == 1 and not found.shape:
                return found
            raise Uncountable
        (outcome,) = found.counts
        return certain(Outcome(outcome.type, state.memory))

    def settle(self, scope: str, key: Hashable, found: Tally, shape: int) -> Tally:
        uniform = len(found.counts) == 1
        counts = {
            Outcome(o.type, o.memory.adding(scope, Settled(shape, key, o.type, uniform))): n
            for o, n in found.counts.items()
        }
        return Tally(counts, ((scope, shape),))


def _unasked(path: str, point: Any) -> int:
    raise Uncountable


def _single_op(layer: Layer, frame: Frame, state: Outcome, run: Run) -> Any:
    """The node of an op without choices, which another op may borrow weights from."""
    try:
        return layer.apply(frame, state.type, run)
    except (Uncountable, SpecError):
        return None
