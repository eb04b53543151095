"""How many designs ops and block calls have, by what flows out."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import SpecError
from archdsl.evaluate import layers, scalars
from archdsl.evaluate.block_calls import Default, argument
from archdsl.evaluate.frames import Frame, key_of
from archdsl.evaluate.op_calls import Pick
from archdsl.space.tally import Memory, Outcome, Tally, add, join
from archdsl.space.values import Weighted, combinations, points, values

if TYPE_CHECKING:
    from archdsl.space.counter import Counter


def op(counter: Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    counts: dict[Outcome, int] = {}
    arguments, shape = _arguments(counter, layer, frame)
    inputs, met = _inputs(counter, layer, frame, state)
    for given, times in arguments:
        for (types, memory), n in inputs.items():
            try:
                node = layer.node(given, (), types)
            except SpecError as error:
                counter.refusal = error
                continue
            add(counts, {Outcome(node.out, memory): 1}, times * n)
    return Tally(counts, join(shape, met))


def _arguments(
    counter: Counter, layer: Any, frame: Frame
) -> tuple[list[tuple[tuple[Any, ...], int]], Any]:
    options: list[Weighted] = []
    shape: list[Any] = []
    for parameter, thing in layer.arguments:
        settled = thing.settled(frame) if isinstance(thing, layers.Either) else thing
        if isinstance(settled, scalars.Scalar):
            options.append(values(settled, frame, counter.run))
            shape.append(points(settled))
        else:
            options.append([(layer.value_of(parameter, thing, frame, counter.run), 1)])
    return combinations(options), (tuple(shape),) if any(shape) else ()


def _inputs(
    counter: Counter, layer: Any, frame: Frame, state: Outcome
) -> tuple[dict[tuple[tuple[Any, ...], Memory], int], Any]:
    """What the branches of an op give, in all combinations."""
    start = (state.type,) if not layer.branches or layer.op.branches.with_flow else ()
    total: dict[tuple[tuple[Any, ...], Memory], int] = {}
    shape: list[Any] = []
    for chosen, met in _picked(counter, layer.branches, frame):
        found = {(start, state.memory): 1}
        for branch in chosen:
            grown: dict[tuple[tuple[Any, ...], Memory], int] = {}
            for (types, memory), times in found.items():
                tally = counter.guarded(branch, frame, Outcome(state.type, memory))
                shape.append(tally.shape)
                for outcome, n in tally.counts.items():
                    key = ((*types, outcome.type), outcome.memory)
                    grown[key] = grown.get(key, 0) + times * n
            found = grown
        shape.append(met)
        for key, n in found.items():
            total[key] = total.get(key, 0) + n
    return total, tuple(shape)


def _picked(
    counter: Counter, branches: tuple[Any, ...], frame: Frame
) -> list[tuple[list[Any], Any]]:
    """The branches of a merge, for each subset that its ``pick`` may take."""
    options: list[list[list[Any]]] = []
    for branch in branches:
        if not isinstance(branch, Pick):
            options.append([[branch]])
            continue
        subsets: list[list[Any]] = []
        for number, times in values(branch.scalar, frame, counter.run):
            fixed = Pick(
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


def block(counter: Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    counts: dict[Outcome, int] = {}
    shapes: list[Any] = []
    for inner, times, shape in _frames(counter, layer, frame, state):
        tally = _call(counter, layer, inner, state)
        add(counts, tally.counts, times)
        shapes.append(join(shape, tally.shape))
    return Tally(counts, ((layer.label, *dict.fromkeys(shapes)),))


def _frames(
    counter: Counter, layer: Any, frame: Frame, state: Outcome
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


def _given(counter: Counter, thing: Any, frame: Frame, inner: Frame) -> list[tuple[Any, int, Any]]:
    """What one parameter may be bound to."""
    settled, where = thing, frame
    if isinstance(settled, Default):
        settled, where = settled.thing, inner
    if isinstance(settled, layers.Either):
        settled = settled.settled(where)
    if isinstance(settled, scalars.Scalar):
        met = (points(settled),)
        return [(value, n, met) for value, n in values(settled, where, counter.run)]
    return [(argument(settled, where, inner, counter.run), 1, ())]


def _call(counter: Counter, layer: Any, inner: Frame, state: Outcome) -> Tally:
    key = (layer.body, *[key_of(value, inner.depth) for value in inner.env.values()])

    def tally() -> Tally:
        memo_key = (key, state)
        found = counter.memo.get(memo_key)
        if found is None:
            tallied = counter.body(layer.body, inner, state)
            shape = (("block", counter.intern(tallied.shape)),)  # flat, so that it hashes quickly
            found = counter.memo[memo_key] = Tally(tallied.counts, shape)
        return found

    if not layer.body.shared:
        return tally()
    return counter.once(inner.path, (key, state.type), state, tally)
