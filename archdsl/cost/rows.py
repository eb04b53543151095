"""A graph as rows: what stands in the source, with the shapes and costs of what it came to."""

from __future__ import annotations

from dataclasses import MISSING
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.counts import adapters, macs, params, trainable
from archdsl.graph.nodes import Branch, CallNode, Chain, OpNode, Ref, Repeat, Slot
from archdsl.ops.binding import parameters, spell
from archdsl.ops.result import Result
from archdsl.types import input_shape, shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.graph.nodes import Fragment, Graph, Node
    from archdsl.ops.base import Op


class LayerRow(NamedTuple):
    """One layer: how deep it stands (0 is the model's own line), what it is, the sizes it gives
    without the batch. ``params`` and ``macs`` are those of all copies and of everything inside; a
    ``module`` counts in each row that applies it, and once in those of which these are parts;
    ``trainable`` are the parameters that no ``freeze`` of the ``train`` clause names, and those of
    ``adapters``, which are none of ``params``."""

    level: int
    layer: str
    shape: tuple[int, ...]
    params: int
    macs: int
    trainable: int
    adapters: int = 0


class LayerTable(NamedTuple):
    """One design, layer by layer. ``input``, of several each by its name, and ``output`` are sizes
    without the batch, ``params``, ``macs`` (of one sample), ``trainable`` and ``adapters`` those of
    the whole model."""

    name: str
    input: tuple[int, ...] | dict[str, tuple[int, ...]]
    output: tuple[int, ...]
    params: int
    macs: int
    trainable: int
    layers: tuple[LayerRow, ...]
    adapters: int = 0

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {**self._asdict(), "layers": [row._asdict() for row in self.layers]}


class _Line(NamedTuple):
    """What stands in a row."""

    level: int
    layer: str
    node: Node


def layer_table(graph: Graph, depth: int, rank: int = 0) -> LayerTable:
    """A model with its layers; ``depth`` levels of what is inside lets, blocks and merges. ``rank``
    is that of the adapters of what is frozen."""
    takes, gives = input_shape(graph.model.takes), shape(graph.model.out)
    layers = tuple(_row(line, rank) for line in _fragment(graph.model, 0, depth))
    counts = params(graph), macs(graph), trainable(graph, rank)
    return LayerTable(graph.name, takes, gives, *counts, layers, adapters(graph, rank))


def _fragment(fragment: Fragment, level: int, depth: int) -> Iterator[_Line]:
    if level >= depth:
        return
    for let in fragment.bindings:
        if is_result(let.node):  # its layers are told where all results are
            continue
        yield _Line(level, let.name, let.node)
        yield from _steps(let.node, level + 1, depth)
    yield from _steps(fragment.result, level, depth)


def is_result(node: Node) -> bool:
    """Whether it is one of several results of what stands before."""
    last = node.steps[-1] if isinstance(node, Chain) and node.steps else node
    return isinstance(last, OpNode) and isinstance(last.op, Result)


def _steps(node: Node, level: int, depth: int) -> Iterator[_Line]:
    """A row for each step of a node, and below it those inside."""
    if level >= depth or isinstance(node, Ref):
        return
    if isinstance(node, Chain):
        for step in node.steps:
            yield from _steps(step, level, depth)
    elif isinstance(node, Slot) and node.module is not None:
        yield _Line(level, label(node), node)
        yield from _inside(node.layer, level + 1, depth)
    elif isinstance(node, (Slot, Branch)):
        yield from _steps(node.layer, level, depth)
    else:
        yield _Line(level, label(node), node)
        yield from _inside(node, level + 1, depth)


def _inside(node: Node, level: int, depth: int) -> Iterator[_Line]:
    if isinstance(node, CallNode):
        yield from _fragment(node.fragment, level, depth)
    elif isinstance(node, Repeat):
        step = node.step
        inner = step if isinstance(step, Chain) else None
        yield from _steps(inner, level, depth) if inner else _inside(step, level, depth)
    elif isinstance(node, (Slot, Branch)):
        yield from _inside(node.layer, level, depth)
    elif isinstance(node, OpNode):
        for branch in node.branches:
            yield from _steps(branch, level, depth)


def _row(line: _Line, rank: int) -> LayerRow:
    level, layer, node = line
    counts = params(node), macs(node), trainable(node, rank), adapters(node, rank)
    return LayerRow(level, layer, shape(node.out), *counts)


def label(node: Node) -> str:
    """What a step is, with the values its arguments came to: ``conv(64, 3, stride=2)``."""
    if isinstance(node, Repeat):
        return f"{node.count} * {label(node.step)}"
    if isinstance(node, CallNode):
        arguments = [f"{name}={_spelt(value)}" for name, value in node.fragment.arguments]
        return _called(node.fragment.name, arguments)
    if isinstance(node, OpNode):
        return _called(node.op.word(), _arguments(node.op))
    if isinstance(node, Chain):
        return f"({' -> '.join(label(step) for step in node.steps)})"
    if isinstance(node, (Slot, Branch)):
        inner = label(node.layer)
        module = node.module.name if isinstance(node, Slot) and node.module is not None else ""
        return f"{module}: {inner}" if module and not _is_called(node.layer, module) else inner
    assert isinstance(node, Ref), "a design holds nothing that is only explored"
    return node.name


def _is_called(node: Node, name: str) -> bool:
    """Whether a node is the body of a module of this name."""
    return isinstance(node, CallNode) and node.fragment.name == name


def _arguments(op: Op) -> list[str]:
    """Required values in order, the others by name where they are not the default."""
    spelt = []
    for parameter in parameters(type(op)):
        value = getattr(op, parameter.name)
        if parameter.default is MISSING:
            spelt.append(_spelt(value))
        elif value != parameter.default:
            spelt.append(f"{parameter.name}={_spelt(value)}")
    return spelt


def _called(word: str, arguments: list[str]) -> str:
    return f"{word}({', '.join(arguments)})" if arguments else word


def _spelt(value: Any) -> str:
    named = getattr(value, "name", None)
    return str(named) if named is not None else spell(value)
