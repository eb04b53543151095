"""A skip around what a spec repeats."""

from __future__ import annotations

from bisect import bisect, insort
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from archdsl.diagnostics import Edit, Fix
from archdsl.graph.nodes import OpNode, Repeat
from archdsl.graph.walk import every
from archdsl.rules.facts_runs import layers, row, unavoidable
from archdsl.rules.facts_text import tree
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.rules.case import Case
    from archdsl.rules.facts_runs import LayerRow
    from archdsl.source import Span

Place = tuple[int, int]  # where something starts and ends in the text


class _Found(NamedTuple):
    """A repeat on a run: each skip would pass by ``each`` copies, all of them by ``layers``."""

    repeat: Repeat
    each: int
    layers: int


def around_repeats(case: Case, run: LayerRow, most: float) -> Fix | None:
    """The fix that puts skips around what is repeated, as few repeats as leave at most so many
    layers in a row. What is repeated gives the shape it takes, so that a skip fits around it."""
    edits: dict[Place, Edit] = {}
    places: list[Place] = []  # of the edits, in the order of the text
    left = run.length
    for found in sorted(_on(run, most, case), key=lambda found: -found.layers):
        if left <= most:
            break
        edit = _edit(found, case)
        place = (found.repeat.span.start, found.repeat.span.end)
        if edit is not None and _is_free(place, places):
            insort(places, place)
            edits[place] = edit
            left -= found.layers
    told = tuple(edits.values())
    return Fix("put `residual(…)` around what is repeated", told) if left <= most else None


def _on(run: LayerRow, most: float, case: Case) -> Iterator[_Found]:
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
    first = _copies(written) - skips * found.each
    parts = [_times(first, layer)] if first else []
    skip = f"residual({_times(found.each, layer)})"
    parts.append(skip if skips == 1 else f"{skips} * {skip}")
    return Edit(written.span, f"({' -> '.join(parts)})")


def _is_free(place: Place, places: list[Place]) -> bool:
    """Whether a place overlaps none of some that do not overlap and stand in order."""
    after = bisect(places, place)
    begins = places[after - 1][1] if after else 0
    ends = places[after][0] if after < len(places) else place[1]
    return begins <= place[0] and place[1] <= ends


def _times(number: int, layer: str) -> str:
    """Copies of a layer, in parentheses that the canonical layout drops where none are needed."""
    return layer if number == 1 else f"{number} * ({layer})"


def _written(repeat: Repeat, case: Case) -> ast.Binary | None:
    """The text of a repeat, when it stands in the spec with a number before it."""
    if repeat.span.source is not case.span.source:
        return None
    found = case.fact(_binaries).get(repeat.span)
    return found if found is not None and _copies(found) else None


def _binaries(case: Case) -> dict[Span, ast.Binary]:
    nodes = tree(case.span.source).within()
    return {node.span: node for node in nodes if isinstance(node, ast.Binary)}


def _copies(written: ast.Binary) -> int:
    """The number before a layer, 0 when there is none."""
    times = written.left
    if not isinstance(times, ast.Number) or times.unit is not None:
        return 0
    return times.value if isinstance(times.value, int) else 0
