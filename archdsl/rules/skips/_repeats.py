"""A skip around what a spec repeats."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import Edit, Fix
from archdsl.graph.nodes import OpNode, Repeat
from archdsl.rules.facts_lets import every, within
from archdsl.rules.facts_runs import layers, row, unavoidable
from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.rules.case import Case
    from archdsl.rules.facts_runs import Run


class _Found(NamedTuple):
    """A repeat on a run: each skip would pass by ``each`` copies, all of them by ``layers``."""

    repeat: Repeat
    each: int
    layers: int


def around_repeats(case: Case, run: Run, most: float) -> Fix | None:
    """The fix that puts skips around what is repeated, as few repeats as leave at most so many
    layers in a row. What is repeated gives the shape it takes, so that a skip fits around it."""
    edits: list[Edit] = []
    left = run.length
    for found in sorted(_on(run, most, case), key=lambda found: -found.layers):
        edit = _edit(found, case)
        if left > most and edit is not None and not any(_overlap(edit, other) for other in edits):
            edits.append(edit)
            left -= found.layers
    return Fix("put `residual(…)` around what is repeated", tuple(edits)) if left <= most else None


def _on(run: Run, most: float, case: Case) -> Iterator[_Found]:
    """The repeats that a run passes, of copies that a skip may pass by."""
    counts = case.fact(layers)
    passed: Counter[int] = Counter()
    for step in row(run, counts, case.fact(unavoidable), case):
        passed[id(step.node)] += counts[step.place]
    for repeat in every(case.graph.model):
        if isinstance(repeat, Repeat):
            inside = sum(passed[id(n)] for n in every(repeat) if isinstance(n, OpNode))
            copy = inside // repeat.count
            each = 2 if copy == 1 else 1
            if copy <= most:
                yield _Found(repeat, each, copy * (repeat.count - repeat.count % each))


def _edit(found: _Found, case: Case) -> Edit | None:
    """Skips around so many copies each; the first copies, which change the shape or are left over,
    stay as they are."""
    written = _written(found.repeat, case)
    if written is None:
        return None
    layer, skips = written.right.span.text, found.repeat.count // found.each
    first = int(written.left.span.text.replace("_", "")) - skips * found.each
    parts = [_times(first, layer)] if first else []
    skip = f"residual({_times(found.each, layer)})"
    parts.append(skip if skips == 1 else f"{skips} * {skip}")
    return Edit(written.span, f"({' -> '.join(parts)})")


def _overlap(one: Edit, other: Edit) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end


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
