"""A comparison of two specs, for people and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.comparing.weights import parts, renamed_parts
from archdsl.evaluate.points import as_text
from archdsl.limits.telling import apart, shown
from archdsl.rendering.escape import visible, width
from archdsl.rendering.fitting import wrapped
from archdsl.space.metrics import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.comparing.changes import (
        ArchChanges,
        Change,
        Comparison,
        DesignChanges,
        Shared,
        SpaceChanges,
        WeightChanges,
    )
    from archdsl.cost.rows import LayerRow
    from archdsl.diagnostics import Diagnostic

MOST = 30  # lines of one kind that are shown to people
WIDTH = 80
NOTHING = "nothing that matters has changed"


def page(found: Comparison, columns: int | None = None) -> str:
    """The comparison for people."""
    wide = columns or WIDTH
    blocks = [_arches(found, wide), _findings(found), _unread(found)]
    text = "\n".join(line for block in blocks for line in block)
    return text or NOTHING


def _arches(found: Comparison, wide: int) -> Iterator[str]:
    for name in found.lost:
        yield f"- arch {visible(name)}"
    for name in found.gained:
        yield f"+ arch {visible(name)}"
    for arch in found.arches:
        lines = [f"  {line}" for line in _arch(arch, wide - 2)]
        if lines or arch.old != arch.new:
            yield arch.old if arch.old == arch.new else f"{arch.old} → {arch.new}"
            yield from lines


def _arch(arch: ArchChanges, wide: int) -> Iterator[str]:
    if arch.clauses:
        yield "clauses"
        yield from _capped([line for one in arch.clauses for line in _clause(one, wide)])
    if arch.design is not None:
        yield from _design(arch.design, wide)
    if arch.space is not None:
        yield from _space(arch.space, wide)


def _clause(change: Change, wide: int) -> Iterator[str]:
    for sign, text in (("-", change.old), ("+", change.new)):
        if text is not None:
            yield from wrapped(f"  {sign} {visible(text)}", wide, "      ")


def _design(design: DesignChanges, wide: int) -> Iterator[str]:
    if design.interface:
        yield "flows in and out"
        for change in design.interface:
            ends = (one or "none" for one in (change.old, change.new))
            yield f"  {visible(change.name)}: {' → '.join(ends)}"
    if design.layers:
        rows = [(s, r) for one in design.layers for s, r in (("-", one.old), ("+", one.new)) if r]
        yield from _table(rows, wide)
    if design.costs:
        yield from _columns(["costs", "old", "new", ""], [_cost(one) for one in design.costs])
    if design.weights is not None:
        yield from _weights(design.weights)


def _table(rows: Sequence[tuple[str, LayerRow]], wide: int) -> Iterator[str]:
    """Layers that are gone or come, with their sizes and costs."""
    cells = [(f"{sign} {_layer(row)}", *_amounts(row)) for sign, row in rows]
    yield from _columns(["layers", "output", "params", "MACs"], cells, wide)


def _layer(row: LayerRow) -> str:
    return "  " * row.level + visible(row.layer)


def _amounts(row: LayerRow) -> tuple[str, str, str]:
    return "×".join(map(str, row.shape)), f"{row.params:,}", f"{row.macs:,}"


def _cost(change: Change) -> tuple[str, str, str, str]:
    if change.old is None or change.new is None:
        told = ["" if one is None else shown(one) for one in (change.old, change.new)]
        return (change.name, *told, "")  # type: ignore[return-value]
    before, after = apart(change.old, change.new)
    return change.name, before, after, _growth(change)


def _growth(change: Change) -> str:
    old, new = sort_key(change.old), sort_key(change.new)
    if not old:
        return ""
    part = 100 * (new - old) / old
    return f"{part:+.{int(abs(part) < 10)}f} %" if abs(part) < 1000 else f"×{new / old:,.0f}"


def _columns(
    head: Sequence[str], rows: Sequence[Sequence[str]], wide: int | None = None
) -> Iterator[str]:
    """A heading and rows below it, all but the first column to the right."""
    lines = [[head[0], *head[1:]], *([f"  {row[0]}", *row[1:]] for row in rows[:MOST])]
    widths = [max(width(line[i]) for line in lines) for i in range(len(head))]
    if wide is not None:
        widths[0] = max(min(widths[0], wide - sum(widths[1:]) - 2 * len(widths[1:])), 16)
    for line in lines:
        first, *more = wrapped(line[0], widths[0], "      ")
        cells = (f"{cell:>{size}}" for cell, size in zip(line[1:], widths[1:], strict=True))
        yield "  ".join((first + " " * (widths[0] - width(first)), *cells)).rstrip()
        yield from more
    if len(rows) > MOST:
        yield f"  … and {len(rows) - MOST:,} more: --format json has all"


def _capped(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"  … and {len(lines) - MOST:,} more: --format json has all"


def _weights(found: WeightChanges) -> Iterator[str]:
    if found.same:
        return
    before = len(found.kept) + len(found.renamed) + len(found.resized) + len(found.lost)
    yield f"state dict: {len(found.kept):,} of {before:,} tensors keep name and sizes"
    yield from _capped(list(_tensors(found)))
    if found.origin:
        yield f"  old weights load by the clause `weights {found.origin}(…)`"
        return
    if not found.rows:
        yield "  old weights do not fill the new model"
        return
    yield "  old weights load with this clause (archdsl load, train --weights):"
    yield "    weights old("
    yield from (f"      {row.text}," for row in found.rows[:MOST])
    yield "    )" if len(found.rows) <= MOST else "      … --format json has all"


def _tensors(found: WeightChanges) -> Iterator[str]:
    """What was renamed, has other sizes, is gone or new; parts of the model that are so as a whole
    on one line."""
    there = [*found.kept, *(one.name for one in found.resized)]
    old = [*there, *(one for one, _ in found.renamed)]
    new = [*there, *(one for _, one in found.renamed)]
    for (one, other), many in renamed_parts(found.renamed).items():
        yield f"  {one} → {other}{_tensors_of(many)}"
    for name, sizes, others in found.resized:
        yield f"  {name}: {_sizes(sizes)} → {_sizes(others)}"
    for part, many in parts(found.lost, old).items():
        yield f"  - {part}{_tensors_of(many)}"
    for part, many in parts(found.gained, new).items():
        yield f"  + {part}{_tensors_of(many)}"


def _tensors_of(many: int) -> str:
    return f" ({many:,} tensors)" if many > 1 else ""


def _sizes(sizes: tuple[int, ...]) -> str:
    return "×".join(map(str, sizes)) or "one number"


def _space(space: SpaceChanges, wide: int) -> Iterator[str]:
    if space.counts:
        yield from _columns(["designs", "old", "new", ""], [_cost(one) for one in space.counts])
    if space.choices:
        yield "choices"
        yield from _capped([line for one in space.choices for line in _choice(one, wide)])
    if space.metrics:
        cells = [(one.name, _extent(one.old), _extent(one.new)) for one in space.metrics]
        yield from _columns(["least and most", "old", "new"], cells)
    if space.old_designs is not None and not space.old_designs.all:
        yield from wrapped(_shared(space.old_designs, "old", "valid no more"), wide, "  ")
    if space.new_designs is not None and not space.new_designs.all:
        yield from wrapped(_shared(space.new_designs, "new", "not valid before"), wide, "  ")


def _choice(change: Change, wide: int) -> Iterator[str]:
    if change.old is None or change.new is None:
        sign, options = ("-", change.old) if change.new is None else ("+", change.new)
        yield from wrapped(f"  {sign} {visible(change.name)}: {_options(options)}", wide, "      ")
        return
    gone = [one for one in change.old if one not in change.new]
    come = [one for one in change.new if one not in change.old]
    parts = [f"- {_options(gone)}"] * bool(gone) + [f"+ {_options(come)}"] * bool(come)
    told = "; ".join(parts) or "the same options in another order"
    yield from wrapped(f"  {visible(change.name)}: {told}", wide, "      ")


def _options(options: Sequence[Any]) -> str:
    few = [visible(as_text(one)) for one in options[:12]]
    return ", ".join(few) + (f", … ({len(options):,})" if len(options) > 12 else "")


def _extent(ends: tuple[Any, Any] | None) -> str:
    return "" if ends is None else " to ".join(dict.fromkeys(map(shown, ends)))


def _shared(found: Shared, which: str, what: str) -> str:
    away = found.looked - found.there
    of = f"{found.designs:,}" if found.is_exact else f"{found.looked:,} drawn"
    example = ", ".join(f"{k}={as_text(v)}" for k, v in (found.example or {}).items())
    told = f"{what}: {away:,} of {of} {which} designs"
    return f"{told}, as {visible(example)}" if example else told


def _findings(found: Comparison) -> Iterator[str]:
    if found.gone or found.found:
        yield "findings"
    yield from (f"  - {_finding(one)}" for one in found.gone)
    yield from (f"  + {_finding(one)}" for one in found.found)


def _unread(found: Comparison) -> Iterator[str]:
    if found.unread:
        names = " and ".join(map(visible, found.unread))
        yield f"no more can be compared, as there are errors in {names}"


def _finding(one: Diagnostic) -> str:
    place = f"{one.span.position.line}: " if one.span is not None else ""
    return f"{place}{one.severity.value}[{one.code}] {visible(one.message)}"
