"""A graph as rows: what stands in the source, with the shapes and costs of what it came to."""

from __future__ import annotations

from dataclasses import MISSING
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cost.counts import macs, params
from archdsl.graph.nodes import Branch, CallNode, Chain, OpNode, Ref, Repeat, Slot
from archdsl.ops.binding import parameters, spell
from archdsl.rendering.escape import visible, width
from archdsl.types import shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.graph.nodes import Fragment, Graph, Node
    from archdsl.ops.base import Op


class Row(NamedTuple):
    """``params`` and ``macs`` are those of all copies and of everything inside."""

    level: int
    layer: str
    shape: tuple[int, ...]
    params: int
    macs: int


def rows(graph: Graph, depth: int) -> list[Row]:
    """The layers of a model; ``depth`` levels of what is inside lets, blocks and merges."""
    return list(_fragment(graph.model, 0, depth))


def _fragment(fragment: Fragment, level: int, depth: int) -> Iterator[Row]:
    if level >= depth:
        return
    for let in fragment.bindings:
        yield _row(level, let.name, let.node)
        yield from _steps(let.node, level + 1, depth)
    yield from _steps(fragment.result, level, depth)


def _steps(node: Node, level: int, depth: int) -> Iterator[Row]:
    """A row for each step of a node, and below it those inside."""
    if level >= depth or isinstance(node, Ref):
        return
    if isinstance(node, Chain):
        for step in node.steps:
            yield from _steps(step, level, depth)
    elif isinstance(node, (Slot, Branch)):
        yield from _steps(node.layer, level, depth)
    else:
        yield _row(level, label(node), node)
        yield from _inside(node, level + 1, depth)


def _inside(node: Node, level: int, depth: int) -> Iterator[Row]:
    if isinstance(node, CallNode):
        yield from _fragment(node.fragment, level, depth)
    elif isinstance(node, Repeat):
        step = node.step
        inner = step if isinstance(step, Chain) else None
        yield from _steps(inner, level, depth) if inner else _inside(step, level, depth)
    elif isinstance(node, OpNode):
        for branch in node.branches:
            yield from _steps(branch, level, depth)


def _row(level: int, layer: str, node: Node) -> Row:
    return Row(level, layer, shape(node.out), params(node), macs(node))


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
        return label(node.layer)
    assert isinstance(node, Ref), "a design holds nothing that is only explored"
    return node.name


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


HEADER: tuple[str, ...] = ("layer", "output", "params", "MACs", "share")


def table(graph: Graph, shown: list[Row]) -> str:
    """The rows as an aligned table with the totals below."""
    total = Row(0, graph.name, shape(graph.model.out), params(graph), macs(graph))
    cells = [HEADER, *(_cells(row, total.macs) for row in (*shown, total))]
    widths = [max(width(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [_aligned(line, widths) for line in cells]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    return "\n".join((lines[0], rule, *lines[1:-1], rule, lines[-1]))


def _cells(row: Row, macs: int) -> tuple[str, ...]:
    share = f"{100 * row.macs / macs:.1f} %" if macs else ""
    name = "  " * row.level + visible(row.layer)
    sizes = "×".join(map(str, row.shape))
    return (name, sizes, f"{row.params:,}", f"{row.macs:,}", share)


def _aligned(line: tuple[str, ...], widths: list[int]) -> str:
    first = line[0] + " " * (widths[0] - width(line[0]))
    others = (f"{cell:>{size}}" for cell, size in zip(line[1:], widths[1:], strict=True))
    return "  ".join((first, *others))
