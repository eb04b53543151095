"""Small steps drawn in the box of the one before: ``conv → batch_norm → relu`` is one box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.pictures.amounts import added
from archdsl.pictures.picture import Kind

if TYPE_CHECKING:
    from archdsl.pictures.drafts import Draft
    from archdsl.pictures.picture import Edge

SMALL = frozenset(("norm", "activation", "regularizer"))
MOST = 4  # steps in the box of another

Edges = dict[tuple[str, str], "Edge"]


def folded(whole: Draft, edges: Edges) -> Edges:
    """The edges that are left when each small step that alone reads what the one before it gives is
    put into its box."""
    drafts = {draft.key: draft for draft in whole.every()}
    reads: dict[str, list[str]] = {}
    read_by: dict[str, list[str]] = {}
    for source, target in edges:
        reads.setdefault(target, []).append(source)
        read_by.setdefault(source, []).append(target)
    into: dict[str, str] = {}
    for key, draft in drafts.items():
        sources = reads.get(key, [])
        if len(sources) != 1 or len(read_by[sources[0]]) != 1:
            continue
        first = drafts[into.get(sources[0], sources[0])]
        if _is_small(draft) and _takes(first, draft):
            _put(draft, first)
            into[key] = first.key
    found: Edges = {}
    for (source, target), edge in edges.items():
        if target not in into:
            source = into.get(source, source)
            found[source, target] = edge._replace(source=source)
    return found


def _is_small(draft: Draft) -> bool:
    plain = draft.kind is Kind.LAYER and not draft.is_closed and not draft.lines
    return plain and draft.family in SMALL and not draft.times


def _takes(first: Draft, draft: Draft) -> bool:
    """Whether a step may be in the box of another."""
    fits = first.outer is draft.outer and first.sizes == draft.sizes
    is_op = first.kind is Kind.LAYER and not first.is_closed and not first.lines
    return fits and is_op and not first.times and len(first.then) < MOST


def _put(draft: Draft, first: Draft) -> None:
    told = f"{draft.name}: {draft.title}" if draft.name else draft.title
    first.then.append(told)
    first.amounts = added([first.amounts, draft.amounts])
    first.spans = (*first.spans, *draft.spans)
    assert draft.outer is not None
    draft.outer.inside.remove(draft)


def unwrap(whole: Draft) -> None:
    """Give the name of a let to the only box in its own, where that is all it has."""
    for draft in [*whole.every()]:
        outer = draft.outer
        if outer is None or draft.title or draft.times or draft.lines or len(draft.inside) != 1:
            continue
        (only,) = draft.inside
        if draft.kind is Kind.GROUP and not only.name:
            only.name, only.spans = draft.name, (*only.spans, *draft.spans)
            only.outer = outer
            outer.inside[outer.inside.index(draft)] = only
