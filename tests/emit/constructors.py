"""Each class that takes arguments, built with values that no copy of its block has, beside the
block evaluated at those values."""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from archdsl.diagnostics import SpecError
from archdsl.emit.pytorch.file import emit
from archdsl.emit.pytorch.names import Names
from archdsl.emit.pytorch.unify import Arguments
from archdsl.emit.pytorch.units import Units
from archdsl.evaluate.body import Body
from archdsl.evaluate.frames import Closure, Frame
from archdsl.evaluate.run import Run
from archdsl.formulas import Source, value_of
from archdsl.graph.nodes import Graph
from archdsl.runtime.module import load, model_class
from tests.emit.graphs import inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.emit.pytorch.templates import Unit
    from archdsl.graph.nodes import Fragment

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
        self.refused = 0  # values of which the class says that it is not made for them
        self.wrong: list[str] = []


def compare(graph: Graph, entered: dict[Any, Entered], tally: Tally, rows: int = 2) -> None:
    """Compare the classes of a graph, for the first copies of each."""
    units = Units(graph, "")
    module = load(emit(graph), graph.name)
    for unit in units.made:
        if unit.fragments[0] is graph.model or not unit.parameters:
            continue
        if unit.slots or unit.context:
            continue
        tally.classes += 1
        for row in range(min(rows, len(unit.fragments))):
            for given in _others(unit, units, row):
                _compare(unit, units, row, given, (module, entered, tally))


def _others(unit: Unit, units: Units, row: int) -> Iterator[dict[Source, Any]]:
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
    yield {**base, **{one: _values(base[one])[0] for one in free}}
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


def _compare(unit: Unit, units: Units, row: int, given: dict[Source, Any], rest: Any) -> None:
    module, entered, tally = rest
    fragment = unit.fragments[row]
    open_ = frozenset().union(*(units.open[id(f)] for f in unit.fragments))
    fixed = Arguments(unit, units.traces, Names(()), open_).fixed
    for one, formula in fixed.items():
        given = {**given, one: value_of(formula, given)}
    other = evaluated(fragment, entered[id(fragment)], given)
    if other is None or _is_large(other):
        return
    arguments = {
        p.name: given[p.source] if p.source is not None else p.values[row]
        for p in unit.parameters
        if p.source is not None or row in p.values
    }
    own = Arguments(unit, units.traces, Names(()), open_).given[row]
    tally.compared += 1
    wanted = model_class(load(emit(Graph("Wanted", other)), "wanted"))()
    said = f"{unit.name}({arguments}) on {other.takes}"
    try:
        found = getattr(module, unit.name)(**arguments)
        difference = _difference(found, wanted, other, [s.rows[row].out for s in unit.outside])
    except ValueError as refusal:
        needs = f"{unit.name} needs" in str(refusal) and given != own
        tally.refused += needs
        difference = "" if needs else f"refused: {refusal}"
    except Exception as error:
        difference = f"{type(error).__name__}: {error}"
    if difference:
        tally.wrong.append(f"{said}: {difference}")


def evaluated(fragment: Fragment, entered: Entered, given: dict[Source, Any]) -> Fragment | None:
    """Its block for other values, its choices answered alike; None where that is refused."""
    named = {
        one.name: value for one, value in given.items() if one.kind not in ("size", "constant")
    }
    sizes = {one.name: value for one, value in given.items() if one.kind == "size"}
    env = {
        name: value if isinstance(value, Closure) or name not in named else named[name]
        for name, value in entered.env.items()
    }
    run = Run(lambda path, _: entered.answers[path])
    frame = Frame(env, entered.path, entered.depth, entered.depth)
    try:
        return fragment.source.evaluate(frame, fragment.takes._replace(**sizes), run)
    except (SpecError, KeyError, IndexError):
        return None


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
        a, b = (m.eval()(*_inputs(fragment.takes, m, beside)) for m in (found, wanted))
    if a.shape != b.shape:
        return f"gives {tuple(a.shape)}, not {tuple(b.shape)}"
    return "" if torch.allclose(a, b, atol=1e-5, equal_nan=True) else "other numbers"


def _inputs(takes: Any, module: Any, beside: list[Any]) -> list[Any]:
    """As many as it takes, with tensors of bodies outside behind the first; the edges of a graph
    only where it reads them."""
    first, *rest = inputs(takes)
    return [first, *beside, *rest][: len(inspect.signature(module.forward).parameters)]
