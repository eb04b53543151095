"""Each class that takes arguments, built with values that no copy of its block has, beside the
block evaluated at those values."""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from archdsl.diagnostics import SpecError
from archdsl.emit.pytorch.facts import Facts
from archdsl.emit.pytorch.file import emit
from archdsl.emit.pytorch.handed import Handed
from archdsl.emit.pytorch.names import Names
from archdsl.emit.pytorch.sized import with_sizes
from archdsl.emit.pytorch.unify import Arguments
from archdsl.emit.pytorch.units import Units
from archdsl.evaluate.body import Body
from archdsl.evaluate.designs import sampler
from archdsl.evaluate.frames import Closure, Frame
from archdsl.evaluate.run import Run
from archdsl.formulas import Origin, value_of
from archdsl.graph import build
from archdsl.graph.nodes import Branch, CallNode, Chain, Graph, OpNode, Repeat, Slot
from archdsl.graph.walk import body, children
from archdsl.resolve.loading import load as resolved
from archdsl.runtime.module import load, model_class
from archdsl.source import Source as Text
from archdsl.types import Nodes, Outputs
from tests.emit.graphs import inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.emit.pytorch.templates import Unit
    from archdsl.graph.nodes import Fragment, Node

MOST = 400_000  # numbers in what a block gets or has, so that running it costs nothing


class Entered(NamedTuple):
    """How a body came to be evaluated."""

    env: dict[str, Any]
    path: str
    depth: int
    answers: dict[str, Any]


@contextmanager
def recorded() -> Iterator[dict[Any, Entered]]:
    """How each fragment evaluated here came about, by the fragment's id; they are kept."""
    found: dict[Any, Entered] = {}
    kept = []
    evaluate = Body.evaluate

    def recording(self: Any, frame: Frame, takes: Any, run: Any, start: int = 0) -> Any:
        env, asked = dict(frame.env), len(run.asked)
        fragment = evaluate(self, frame, takes, run, start)
        answers = {path: answer for path, _, answer in run.asked[asked:]}
        found[id(fragment)] = Entered(env, frame.path, frame.depth, answers)
        kept.append(fragment)
        return fragment

    Body.evaluate = recording  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Body.evaluate = evaluate  # type: ignore[method-assign]


class Tally:
    """What was compared, and what came out otherwise."""

    def __init__(self) -> None:
        self.classes = 0
        self.compared = 0
        self.layers = 0  # of these, with layers handed to the class
        self.edges = 0  # of these, with the edges of a graph
        self.refused = 0  # values of which the class says that it is not made for them
        self.wrong: list[str] = []


def compare(graph: Graph, entered: dict[Any, Entered], tally: Tally, rows: int = 2) -> None:
    """Compare the classes of a graph, for the first copies of each."""
    units = Units(graph, "")
    module = load(emit(graph), graph.name)
    for unit in units.made:
        layers = unit.slots or unit.makers
        if unit.fragments[0] is graph.model or not (unit.parameters or layers):
            continue
        tally.classes += 1
        for row in range(min(rows, len(unit.fragments))):
            for given in _others(unit, units, row):
                _compare(unit, units, row, given, (module, entered, tally))


def _others(unit: Unit, units: Units, row: int) -> Iterator[dict[Origin, Any]]:
    """Other values for the sources of its arguments."""
    base = Arguments(unit, units.traces, Names(()), frozenset()).given[row]
    yield base
    hidden = frozenset().union(*(p.hidden for p in unit.parameters))
    free = [
        p.source
        for p in unit.parameters
        if p.source is not None and p.source not in hidden and p.source.kind != "outer"
    ]
    for one in free:
        for value in _values(base[one]):
            yield {**base, one: value}
    if free:
        yield {**base, **{one: _values(base[one])[0] for one in free}}
    follows = all(p.source is not None for p in unit.parameters)  # whatever layers are given
    for name in (*unit.slots, *unit.makers) if follows else ():
        for layer in other_layers():
            yield {**base, Origin("layer", name): layer}
            yield {
                **base,
                **{one: 2 * base[one] for one in free if type(base[one]) is int},
                Origin("layer", name): layer,
            }
    columns = [p for p in unit.parameters if p.source in free]
    for other in range(min(3, len(unit.fragments))):
        yield {**base, columns[0].source: columns[0].values[other]} if columns else base


def _values(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [2 * value, value + 1, 3, 1, 4]
    if isinstance(value, float):
        return [value / 2, 0.0]
    return [value]


@cache
def other_layers() -> tuple[Closure, ...]:
    """Layers to hand to a block that no copy hands to it: one with weights of its own, one with an
    argument, none at all."""
    text = """block p(f) = f
    arch A { data image(8, 4, 4)  model = p(prelu) -> p(leaky_relu(0.3)) -> p(identity) }"""
    with recorded() as entered:
        resolved(Text(text, "layers.arch")).program().evaluate(sampler(0))
    return tuple(one.env["f"] for one in entered.values() if "f" in one.env)


def _compare(unit: Unit, units: Units, row: int, given: dict[Origin, Any], rest: Any) -> None:
    module, entered, tally = rest
    fragment = unit.fragments[row]
    open_ = frozenset().union(*(units.open[id(f)] for f in unit.fragments))
    fixed = Arguments(unit, units.traces, Names(()), open_).fixed
    for one, formula in fixed.items():
        given = {**given, one: value_of(formula, given)}
    other = evaluated(fragment, entered[id(fragment)], given)
    layers = _layers(unit, other) if other is not None else None
    if other is None or layers is None or _is_large(other):
        return
    numbers = {
        p.name: given[p.source] if p.source is not None else p.values[row]
        for p in unit.parameters
        if p.source is not None or row in p.values
    }
    own = Arguments(unit, units.traces, Names(()), open_).given[row]
    arguments = {**numbers, **layers}
    tally.compared += 1
    tally.layers += bool(layers)
    tally.edges += bool(unit.context)
    wanted = model_class(load(emit(Graph("Wanted", other)), "wanted"))()
    said = f"{unit.name}({numbers}, {[*layers]}) on {other.takes}"
    try:
        found = getattr(module, unit.name)(**arguments)
        difference = _difference(found, wanted, other, [s.rows[row].out for s in unit.outside])
    except ValueError as refusal:
        needs = f"{unit.name} needs" in str(refusal) and given != own and _is_other(unit, other)
        tally.refused += needs
        difference = "" if needs else f"refused: {refusal}"
    except Exception as error:
        difference = f"{type(error).__name__}: {error}"
    if difference:
        tally.wrong.append(f"{said}: {difference}")


def evaluated(fragment: Fragment, entered: Entered, given: dict[Origin, Any]) -> Fragment | None:
    """Its block for other values, its choices answered alike; None where that is refused."""
    named = {
        one.name: value
        for one, value in given.items()
        if one.kind not in ("size", "constant", "outer")
    }
    layers = {one.name: value for one, value in given.items() if one.kind == "layer"}
    sizes = {one.name: value for one, value in given.items() if one.kind == "size"}
    env = {
        name: value if isinstance(value, Closure) or name not in named else named[name]
        for name, value in entered.env.items()
    }
    env.update(layers)
    run = Run(lambda path, _: entered.answers[path])
    frame = Frame(env, entered.path, entered.depth, entered.depth)
    try:
        return fragment.source.evaluate(frame, with_sizes(fragment.takes, sizes), run)
    except (SpecError, KeyError, IndexError):
        return None


def _layers(unit: Unit, other: Fragment) -> dict[str, Any] | None:
    """The modules, and functions that make modules, for the layers handed to a block; None where
    it does not apply one of them."""
    uses = Handed(Facts()).uses(other)
    if any(name not in uses for name in (*unit.slots, *unit.makers)):
        return None
    modules = {name: _module(uses[name][0]) for name in unit.slots}
    makers = {name: partial(_module, uses[name][0]) for name in unit.makers}
    return {**modules, **makers}


class Alone(torch.nn.Module):
    """A model that reads nothing but what flows in, also of the nodes of a graph."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: torch.Tensor) -> Any:
        further = len(inspect.signature(self.model.forward).parameters) - 1
        return self.model(x, *[None] * further)


def _module(layer: Node) -> Any:
    made = build.fragment("layer", (), _taken(layer), [], layer, layer.span, False)
    return Alone(model_class(load(emit(Graph("Layer", made)), "layer"))())


def _taken(layer: Node) -> Any:
    """What flows into a layer."""
    if isinstance(layer, OpNode):
        return layer.inputs[0]
    if isinstance(layer, CallNode):
        return layer.fragment.takes
    if isinstance(layer, Chain):
        return _taken(layer.steps[0]) if layer.steps else layer.out
    assert isinstance(layer, (Repeat, Slot, Branch))
    return _taken(layer.step if isinstance(layer, Repeat) else layer.layer)


def _is_other(unit: Unit, other: Fragment) -> bool:
    """Whether a block takes the side of a condition that its class does not have."""
    sides = {node.span: side for rows, side in unit.agreed for node in rows.values()}
    waiting = list(body(other))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Branch) and node.taken is not sides.get(node.span, node.taken):
            return True
        waiting += children(node)
    return False


def _is_large(fragment: Fragment) -> bool:
    from archdsl.cost.counts import macs, params

    return max(params(fragment), macs(fragment) // 50) > MOST


def _difference(found: Any, wanted: Any, fragment: Fragment, outer: list[Any]) -> str:
    """What is unlike, with the weights of one copied into the other."""
    mine, theirs = (list(m.state_dict().items()) for m in (found, wanted))
    kinds = [[(k.rpartition(".")[2], tuple(v.shape)) for k, v in s] for s in (mine, theirs)]
    if kinds[0] != kinds[1]:
        return f"weights {kinds[0]}, not {kinds[1]}"
    found.load_state_dict({k: v for (k, _), (_, v) in zip(mine, theirs, strict=True)})
    with torch.no_grad():
        beside = [inputs(tensor)[0] for tensor in outer]
        a, b = (_several(m.eval()(*_inputs(fragment.takes, m, beside))) for m in (found, wanted))
    shapes = [[tuple(one.shape) for one in results] for results in (a, b)]
    if shapes[0] != shapes[1]:
        return f"gives {shapes[0]}, not {shapes[1]}"
    alike = (torch.allclose(*pair, atol=1e-5, equal_nan=True) for pair in zip(a, b, strict=True))
    return "" if all(alike) else "other numbers"


def _several(results: Any) -> tuple[torch.Tensor, ...]:
    return results if isinstance(results, tuple) else (results,)


def _inputs(takes: Any, module: Any, beside: list[Any]) -> list[Any]:
    """As many as it takes, with tensors of bodies outside behind the first; of the edges of a
    graph, and which graph its nodes belong to, those that it reads."""
    if isinstance(takes, Outputs):
        return [tuple(inputs(part)[0] for part in takes.parts), *beside]
    first, *rest = inputs(takes)
    context = dict(zip(("edge_index", "batch"), rest, strict=False))
    if isinstance(takes, Nodes) and takes.edge_features:
        context["edge_attr"] = torch.ones(takes.edges, takes.edge_features)
    _, *names = inspect.signature(module.forward).parameters
    outer = iter(beside)
    return [first, *(context[name] if name in context else next(outer) for name in names)]
