"""The exact number of designs of a space.

The same resolved expressions that evaluate one design are run here over all at once: a state is a
type that flows with a number of designs that lead to it, and states that agree are merged. What is
chosen once for several places (``n * layer``, ``shared`` blocks, a ``let`` outside bodies) counts
once, provided its choice points look the same at each place.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from archdsl.design import calls, layers, scalars
from archdsl.design.bounds import DEFAULT
from archdsl.design.frames import Closure, Frame, Tensor, key_of
from archdsl.design.run import Run
from archdsl.diagnostics import SpecError
from archdsl.space.exhaust import exhaust
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
    then,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from archdsl.design.program import Program

Layer = Any


def count(program: Program) -> int:
    """The number of designs of a program that fit together, before its requirements.

    Raises :class:`SpecError` when none does, or when they cannot be counted exactly.
    """
    counter = _Counter()
    try:
        total = counter.program(program)
    except Uncountable:
        total = exhaust(program)
    if not total and counter.refusal is not None:
        raise counter.refusal
    return total


class _Counter:
    def __init__(self) -> None:
        self.run = Run(_unasked, DEFAULT)
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
        return [({**env, name: v}, times * n) for v, n in self.values(settled, frame)]

    # Values ------------------------------------------------------------------------------

    def values(self, scalar: Any, frame: Frame) -> list[tuple[Any, int]]:
        """Every value of an expression with the number of designs that give it."""
        kind = type(scalar)
        if kind is scalars.Series:
            return [(value, 1) for value in scalar.range(frame, self.run)]
        if kind is scalars.Options:
            return [found for option in scalar.options for found in self.values(option, frame)]
        if kind is scalars.Conditional:
            return self.conditional(scalar, frame)
        parts = _parts(scalar)
        if not parts:
            return [(scalar.value(frame, self.run), 1)]
        return self.combined(scalar, parts, frame)

    def conditional(self, scalar: Any, frame: Frame) -> list[tuple[Any, int]]:
        found: list[tuple[Any, int]] = []
        for taken, times in self.values(scalar.condition, frame):
            branch = scalar.yes if taken else scalar.no
            found += [(value, times * n) for value, n in self.values(branch, frame)]
        return found

    def combined(self, scalar: Any, parts: tuple[Any, ...], frame: Frame) -> list[tuple[Any, int]]:
        found: list[tuple[Any, int]] = []
        for combination in product(*(self.values(part, frame) for part in parts)):
            fixed = [scalars.Constant(value, scalar.span) for value, _ in combination]
            times = 1
            for _, n in combination:
                times *= n
            found.append((_rebuilt(scalar, fixed).value(frame, self.run), times))
        return found

    def points(self, scalar: Any) -> Any:
        """The shape of the choice points of a value expression."""
        if type(scalar) is scalars.Options:
            return (scalar.label, tuple(self.points(option) for option in scalar.options))
        if type(scalar) is scalars.Series:
            return (scalar.label, "range")
        return tuple(
            self.points(part) for part in _parts(scalar) if isinstance(part, scalars.Scalar)
        )

    # Layers ------------------------------------------------------------------------------

    def layer(self, layer: Layer, frame: Frame, state: Outcome) -> Tally:
        return _RULES[type(layer)](self, layer, frame, state)

    def guarded(self, layer: Layer, frame: Frame, state: Outcome) -> Tally:
        """A layer's tally; none when it does not fit."""
        try:
            return self.layer(layer, frame, state)
        except SpecError as error:
            self.refusal = error
            return Tally({}, (("refused",),))

    def body(self, body: calls.Body, frame: Frame, state: Outcome) -> Tally:
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
            result = body._result(inner)
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
        shape = (self.points(settled),)
        return [(v, state.memory, n, shape) for v, n in self.values(settled, frame)]

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


def _parts(scalar: Any) -> tuple[Any, ...]:
    """The operands of a value expression."""
    if isinstance(scalar, scalars.Arithmetic):
        return (scalar.left, scalar.right)
    if isinstance(scalar, scalars.Negative):
        return (scalar.operand,)
    return scalar.arguments if isinstance(scalar, scalars.Function) else ()


def _rebuilt(scalar: Any, parts: list[Any]) -> Any:
    """The same expression over other operands."""
    if isinstance(scalar, scalars.Arithmetic):
        left, right = parts
        return type(scalar)(scalar.operator, left, right, scalar.span)
    if isinstance(scalar, scalars.Negative):
        return scalars.Negative(parts[0], scalar.span)
    return scalars.Function(scalar.body, tuple(parts), scalar.span)


# Rules ---------------------------------------------------------------------------------------


def _identity(counter: _Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    return certain(state)


def _variable(counter: _Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    bound = frame.env[layer.name]
    if type(bound) is Tensor:
        return certain(Outcome(bound.type, state.memory))
    if type(bound) is not Closure:
        layer.apply(frame, state.type, counter.run)
    inner = bound.entered_from(frame, layer.label)
    if bound.path is None:
        return counter.layer(bound.layer, inner, state)
    return counter.once(
        bound.path, state.type, state, lambda: counter.layer(bound.layer, inner, state)
    )


def _flow(counter: _Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    tally = certain(state)
    for step in layer.steps:
        tally = then(tally, lambda outcome: counter.guarded(step, frame, outcome))  # noqa: B023
    return tally


def _choose(counter: _Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    counts: dict[Outcome, int] = {}
    shapes = []
    for option in layer.options:
        tally = counter.guarded(option, frame, state)
        add(counts, tally.counts)
        shapes.append(tally.shape)
    return Tally(counts, ((layer.label, *shapes),))


def _when(counter: _Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    counts: dict[Outcome, int] = {}
    shapes = []
    for taken, times in counter.values(layer.condition, frame):
        tally = counter.guarded(layer.yes if taken else layer.no, frame, state)
        add(counts, tally.counts, times)
        shapes.append(tally.shape)
    return Tally(counts, join((counter.points(layer.condition),), alike(shapes)))


def _repeated(counter: _Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    counts: dict[Outcome, int] = {}
    shapes = []
    for number, times in counter.values(layer.count, frame):
        fixed = layers.Repeated(scalars.Constant(number, layer.count.span), layer.layer, layer.span)
        copies = fixed.copies(frame, counter.run)
        tally = _copies(counter, layer, copies, frame, state)
        add(counts, tally.counts, times)
        shapes.append(tally.shape)
    return Tally(counts, join((counter.points(layer.count),), tuple(shapes)))


def _copies(counter: _Counter, layer: Any, copies: int, frame: Frame, state: Outcome) -> Tally:
    tally = certain(state)
    scope = f"{frame.path} {id(layer)}"
    for _ in range(copies):
        before = tally

        def copy(outcome: Outcome) -> Tally:
            return counter.once(
                scope,
                outcome.type,
                outcome,
                lambda: counter.guarded(layer.layer, frame, outcome),
            )

        tally = then(before, copy)
        if tally.counts.keys() == before.counts.keys():
            break
    return tally


def _each(counter: _Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    counts: dict[Outcome, int] = {}
    shapes = []
    for series, times in _ranges(counter, layer.series, frame):
        tally = certain(state)
        for index in series:
            copy = frame.binding(layer.name, index, f"{frame.path}{layer.label}.{index}")
            tally = then(tally, lambda o: counter.guarded(layer.layer, copy, o))  # noqa: B023
        add(counts, tally.counts, times)
        shapes.append((layer.label, tally.shape))
    return Tally(counts, tuple(shapes))


def _ranges(counter: _Counter, series: Any, frame: Frame) -> list[tuple[range, int]]:
    one = scalars.Constant(1, series.span)
    found = []
    bounds = (series.first, series.last, series.step or one)
    for combination in product(*(counter.values(bound, frame) for bound in bounds)):
        first, last, step = (scalars.Constant(value, series.span) for value, _ in combination)
        times = combination[0][1] * combination[1][1] * combination[2][1]
        exact = scalars.Series(series.label, first, last, step, series.span)
        found.append((exact.range(frame, counter.run), times))
    return found


def _op(counter: _Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    counts: dict[Outcome, int] = {}
    arguments, shape = _arguments(counter, layer, frame)
    inputs, met = _inputs(counter, layer, frame, state)
    for values, times in arguments:
        for (types_, memory), n in inputs.items():
            try:
                node = layer.node(values, (), types_)
            except SpecError as error:
                counter.refusal = error
                continue
            add(counts, {Outcome(node.out, memory): 1}, times * n)
    return Tally(counts, join(shape, met))


def _arguments(
    counter: _Counter, layer: Any, frame: Frame
) -> tuple[list[tuple[tuple[Any, ...], int]], Any]:
    options: list[list[tuple[Any, int]]] = []
    shape: list[Any] = []
    for parameter, thing in layer.arguments:
        settled = thing.settled(frame) if isinstance(thing, layers.Either) else thing
        if isinstance(settled, scalars.Scalar):
            options.append(counter.values(settled, frame))
            shape.append(counter.points(settled))
        else:
            value = layer._value(parameter, thing, frame, counter.run)
            options.append([(value, 1)])
    found = []
    for combination in product(*options):
        times = 1
        for _, n in combination:
            times *= n
        found.append((tuple(value for value, _ in combination), times))
    return found, (tuple(shape),) if any(shape) else ()


def _inputs(
    counter: _Counter, layer: Any, frame: Frame, state: Outcome
) -> tuple[dict[tuple[tuple[Any, ...], Memory], int], Any]:
    """What the branches of an op give, in all combinations."""
    start = (state.type,) if not layer.branches or layer.op.branches.with_flow else ()
    total: dict[tuple[tuple[Any, ...], Memory], int] = {}
    shape: list[Any] = []
    for chosen, met in _picked(counter, layer.branches, frame):
        found = {(start, state.memory): 1}
        for branch in chosen:
            grown: dict[tuple[tuple[Any, ...], Memory], int] = {}
            for (types_, memory), times in found.items():
                tally = counter.guarded(branch, frame, Outcome(state.type, memory))
                shape.append(tally.shape)
                for outcome, n in tally.counts.items():
                    key = ((*types_, outcome.type), outcome.memory)
                    grown[key] = grown.get(key, 0) + times * n
            found = grown
        shape.append(met)
        for key, n in found.items():
            total[key] = total.get(key, 0) + n
    return total, tuple(shape)


def _picked(
    counter: _Counter, branches: tuple[Any, ...], frame: Frame
) -> list[tuple[list[Any], Any]]:
    """The branches of a merge, for each subset that its ``pick`` may take."""
    options: list[list[list[Any]]] = []
    for branch in branches:
        if not isinstance(branch, calls.Pick):
            options.append([[branch]])
            continue
        subsets: list[list[Any]] = []
        for number, times in counter.values(branch.scalar, frame):
            fixed = calls.Pick(
                branch.label,
                scalars.Constant(number, branch.span),
                branch.branches,
                branch.labels,
                branch.span,
            )
            _, chosen = fixed.subsets(frame, counter.run)
            subsets += [[branch.branches[i] for i in subset] for subset in chosen] * times
        options.append(subsets)
    return [
        ([layer for part in combination for layer in part], ("pick", index))
        for index, combination in enumerate(product(*options))
    ]


def _block(counter: _Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    counts: dict[Outcome, int] = {}
    shapes: list[Any] = []
    for inner, times, shape in _frames(counter, layer, frame, state):
        tally = _call(counter, layer, inner, state)
        add(counts, tally.counts, times)
        shapes.append(join(shape, tally.shape))
    return Tally(counts, ((layer.label, *dict.fromkeys(shapes)),))


def _frames(
    counter: _Counter, layer: Any, frame: Frame, state: Outcome
) -> list[tuple[Frame, int, Any]]:
    """The frames that a block's body is entered with, its arguments in all combinations."""
    found: list[tuple[Frame, int, Any]] = [(layer.entered(frame, state.type), 1, ())]
    for name, thing in layer.arguments:
        grown = []
        for inner, times, shape in found:
            for value, n, met in _given(counter, thing, frame, inner):
                grown.append((inner.binding(name, value), times * n, join(shape, met)))
        found = grown
    return found


def _given(
    counter: _Counter, thing: Any, frame: Frame, inner: Frame
) -> list[tuple[Any, int, Any]]:
    """What one parameter may be bound to."""
    settled, where = thing, frame
    if isinstance(settled, calls.Default):
        settled, where = settled.thing, inner
    if isinstance(settled, layers.Either):
        settled = settled.settled(where)
    if isinstance(settled, scalars.Scalar):
        met = (counter.points(settled),)
        return [(value, n, met) for value, n in counter.values(settled, where)]
    return [(calls.argument(settled, where, inner, counter.run), 1, ())]


def _call(counter: _Counter, layer: Any, inner: Frame, state: Outcome) -> Tally:
    key = (layer.body, *[key_of(value, inner.depth) for value in inner.env.values()])

    def tally() -> Tally:
        memo_key = (key, state)
        found = counter.memo.get(memo_key)
        if found is None:
            found = counter.memo[memo_key] = counter.body(layer.body, inner, state)
        return found

    if not layer.body.shared:
        return tally()
    return counter.once(inner.path, (key, state.type), state, tally)


_RULES: dict[type, Callable[[_Counter, Any, Frame, Outcome], Tally]] = {
    layers.Identity: _identity,
    layers.Variable: _variable,
    layers.Flow: _flow,
    layers.Choose: _choose,
    layers.When: _when,
    layers.Repeated: _repeated,
    layers.Each: _each,
    calls.OpCall: _op,
    calls.BlockCall: _block,
}
