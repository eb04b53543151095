"""How many designs each kind of layer has, by what flows out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.evaluate import layers, scalars
from archdsl.evaluate.block_calls import BlockCall
from archdsl.evaluate.frames import Closure, Frame, Tensor
from archdsl.evaluate.op_calls import OpCall
from archdsl.space.calls import block, op
from archdsl.space.tally import (
    Outcome,
    Tally,
    add,
    alike,
    certain,
    join,
    then,
)
from archdsl.space.values import combinations, points, values

if TYPE_CHECKING:
    from archdsl.space.counter import Counter, LayerRule


def _identity(counter: Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    return certain(state)


def _variable(counter: Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
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


def _flow(counter: Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    tally = certain(state)
    for step in layer.steps:
        tally = then(tally, lambda outcome: counter.guarded(step, frame, outcome))  # noqa: B023
    return tally


def _choose(counter: Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    counts: dict[Outcome, int] = {}
    shapes = []
    for option in layer.options:
        tally = counter.guarded(option, frame, state)
        add(counts, tally.counts)
        shapes.append(tally.shape)
    return Tally(counts, ((layer.label, *shapes),))


def _when(counter: Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    counts: dict[Outcome, int] = {}
    shapes = []
    for taken, times in values(layer.condition, frame, counter.run):
        tally = counter.guarded(layer.yes if taken else layer.no, frame, state)
        add(counts, tally.counts, times)
        shapes.append(tally.shape)
    return Tally(counts, join((points(layer.condition),), alike(shapes)))


def _repeated(counter: Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
    counts: dict[Outcome, int] = {}
    shapes = []
    for number, times in values(layer.count, frame, counter.run):
        fixed = layers.Repeated(scalars.Constant(number, layer.count.span), layer.layer, layer.span)
        copies = fixed.copies(frame, counter.run)
        tally = _copies(counter, layer, copies, frame, state)
        add(counts, tally.counts, times)
        shapes.append(tally.shape)
    return Tally(counts, join((points(layer.count),), tuple(shapes)))


def _copies(counter: Counter, layer: Any, copies: int, frame: Frame, state: Outcome) -> Tally:
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


def _each(counter: Counter, layer: Any, frame: Frame, state: Outcome) -> Tally:
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


def _ranges(counter: Counter, series: Any, frame: Frame) -> list[tuple[range, int]]:
    one = scalars.Constant(1, series.span)
    found = []
    bounds = (series.first, series.last, series.step or one)
    for numbers, times in combinations([values(bound, frame, counter.run) for bound in bounds]):
        first, last, step = (scalars.Constant(number, series.span) for number in numbers)
        exact = scalars.Series(series.label, first, last, step, series.span)
        found.append((exact.range(frame, counter.run), times))
    return found


RULES: dict[type, LayerRule] = {
    layers.Identity: _identity,
    layers.Variable: _variable,
    layers.Flow: _flow,
    layers.Choose: _choose,
    layers.When: _when,
    layers.Repeated: _repeated,
    layers.Each: _each,
    OpCall: op,
    BlockCall: block,
}
