"""Two designs: what flows in and out, layers, costs, weights."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from archdsl import types
from archdsl.comparing.changes import Change, DesignChanges, LayerChange, WeightChanges
from archdsl.comparing.weights import weight_changes
from archdsl.cost.rows import layer_table
from archdsl.diagnostics import SpecError
from archdsl.space.metrics import metric_of
from archdsl.space.survey import usual_metrics
from archdsl.spec.train import rank_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archdsl.cost.rows import LayerRow
    from archdsl.evaluate.program import Evaluation, Program
    from archdsl.graph.nodes import Graph
    from archdsl.spec.key_map import KeyMap

    Made = tuple[Program, Evaluation]


def design_changes(old: Made, new: Made, depth: int) -> DesignChanges:
    """The changes between two designs; layers are compared ``depth`` levels deep."""
    before, after = old[1].graph, new[1].graph
    return DesignChanges(
        _interface(before, after),
        tuple(_layers(_rows(old[1], depth), _rows(new[1], depth))),
        _costs(old, new),
        _weights(before, after, new[1].clauses.weights),
    )


def differing(old: dict[str, Any], new: dict[str, Any]) -> tuple[Change, ...]:
    """What differs between two of a kind by their names, in the order of the old ones."""
    names = dict.fromkeys((*old, *new))
    changes = (Change(name, old.get(name), new.get(name)) for name in names)
    return tuple(change for change in changes if change.old != change.new)


def _interface(old: Graph, new: Graph) -> tuple[Change, ...]:
    return differing(_flowing(old), _flowing(new))


def _flowing(graph: Graph) -> dict[str, str]:
    """What a model takes and gives, in words: ``an image of 3×32×32``."""
    takes = types.inputs(graph.model.takes)
    given = takes or {"input": graph.model.takes}
    inputs = {name: types.said(one) for name, one in given.items()}
    return {**inputs, "output": types.said(graph.model.out)}


def _rows(evaluation: Evaluation, depth: int) -> tuple[LayerRow, ...]:
    return layer_table(evaluation.graph, depth, rank_of(evaluation.clauses.train)).layers


def _layers(old: tuple[LayerRow, ...], new: tuple[LayerRow, ...]) -> Iterable[LayerChange]:
    """Rows of the same text in the same order are the same layer."""
    before, after = ([(row.level, row.layer) for row in rows] for rows in (old, new))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield from (LayerChange(row, None) for row in old[i1:i2])
            yield from (LayerChange(None, row) for row in new[j1:j2])
            continue
        pairs = zip(old[i1:i2], new[j1:j2], strict=True)
        yield from (LayerChange(*pair) for pair in pairs if pair[0] != pair[1])


def _costs(old: Made, new: Made) -> tuple[Change, ...]:
    names = dict.fromkeys((*usual_metrics(old[0]), *usual_metrics(new[0])))
    return differing(_measured(old, names), _measured(new, names))


def _measured(made: Made, names: Iterable[str]) -> dict[str, Any]:
    """The metrics of a design that its spec has figures for."""
    program, evaluation = made
    found = {}
    for name in names:
        try:
            metric = metric_of(name, program, evaluation.clauses)
            found[name] = metric.of(evaluation.graph)
        except SpecError:
            continue
    return found


def _weights(old: Graph, new: Graph, maps: tuple[KeyMap, ...]) -> WeightChanges | None:
    """None where what is needed to build a module is missing: PyTorch names the tensors."""
    from archdsl.runtime.extras import MissingPackage, needed

    try:
        needed("torch", "comparing weights")
        from archdsl.runtime.live.state import leads, rows_of, sizes_of, state_of

        before, after = state_of(old), state_of(new)
    except MissingPackage:
        return None
    origin = next((one.origin for one in maps if leads(one, before, after)), "")
    return weight_changes(
        sizes_of(before),
        sizes_of(after),
        lambda rows: leads(rows_of(rows), before, after),
        origin,
    )
