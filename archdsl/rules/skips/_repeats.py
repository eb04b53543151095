"""A skip around what a spec repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Edit, Fix
from archdsl.graph.nodes import OpNode, Repeat
from archdsl.rules.facts_lets import every, within
from archdsl.rules.facts_runs import layers, row, unavoidable
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from archdsl.rules.case import Case
    from archdsl.rules.facts_runs import Run


def around_repeat(case: Case, run: Run, most: float) -> Fix | None:
    """The fix that puts a skip around what is repeated, where that leaves at most so many layers
    in a row. What is repeated gives the shape it takes, so that a skip fits around it."""
    counts = case.fact(layers)
    passed = [(id(s.node), counts[s.place]) for s in row(run, counts, case.fact(unavoidable), case)]
    covers: dict[int, int] = {}
    repeats = [node for node in every(case.graph.model) if isinstance(node, Repeat)]
    for index, repeat in enumerate(repeats):
        ops = {id(node) for node in every(repeat) if isinstance(node, OpNode)}
        covers[index] = sum(number for op, number in passed if op in ops)
    best = max(covers, key=lambda index: covers[index], default=None)
    if best is None:
        return None
    repeat, copy = repeats[best], covers[best] // repeats[best].count
    each = 2 if copy == 1 else 1
    left = run.length - copy * (repeat.count - repeat.count % each)
    return _fix(repeat, each, case) if left <= most and copy <= most else None


def _fix(repeat: Repeat, each: int, case: Case) -> Fix | None:
    """Skips around so many copies each; the first copies, which change the shape or are left over,
    stay as they are."""
    written = _written(repeat, case)
    if written is None:
        return None
    layer, skips = written.right.span.text, repeat.count // each
    first = int(written.left.span.text.replace("_", "")) - skips * each
    parts = [_times(first, layer)] if first else []
    skip = f"residual({_times(each, layer)})"
    parts.append(skip if skips == 1 else f"{skips} * {skip}")
    return Fix(
        "put `residual(…)` around what is repeated",
        (Edit(written.span, f"({' -> '.join(parts)})"),),
    )


def _times(number: int, layer: str) -> str:
    """Copies of a layer, in parentheses that the canonical layout drops where none are needed."""
    return layer if number == 1 else f"{number} * ({layer})"


def _written(repeat: Repeat, case: Case) -> ast.Binary | None:
    """The text of a repeat, when it stands in the spec with a number before it."""
    if repeat.span.source is not case.span.source:
        return None
    found = (
        node
        for node in within(parse(case.span.source))
        if isinstance(node, ast.Binary) and node.span == repeat.span
    )
    node = next(found, None)
    return node if node is not None and _is_literal(node.left) else None


def _is_literal(times: ast.Expression) -> bool:
    return isinstance(times, ast.Number) and times.unit is None
