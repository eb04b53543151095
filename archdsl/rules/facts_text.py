"""Where in the text of a spec something stands."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from archdsl.syntax import nodes as ast
from archdsl.syntax.parser import parse

if TYPE_CHECKING:
    from archdsl.record import Record
    from archdsl.source import Source, Span

_PLAIN = (ast.File, ast.Arch, ast.Model, ast.Body, ast.Let, ast.Flow)


@lru_cache(maxsize=16)
def tree(source: Source) -> ast.File:
    """A source's syntax tree, parsed once for all designs that are held to the rules."""
    return parse(source)


def written_at(span: Span) -> ast.Call | None:
    """The call written at a place of a spec; None where something else stands."""
    found = _way_to(span)[-1]
    return found if isinstance(found, ast.Call) else None


def in_the_open(span: Span) -> bool:
    """Whether a layer is a step of the model's own chain, or of a ``let`` in it: within no other
    call, no choice and no block, so that it is there in every design of its spec."""
    around = _way_to(span)[:-1]
    in_model = any(isinstance(node, ast.Model) for node in around)
    return in_model and all(isinstance(node, _PLAIN) for node in around)


def _way_to(span: Span) -> list[Record]:
    """The syntax nodes around a place, the outermost first."""
    way: list[Record] = []
    inner: Record | None = tree(span.source)
    while inner is not None:
        way.append(inner)
        inner = _part_around(span, inner)
    return way


def _part_around(span: Span, node: Record) -> Record | None:
    for part in node.parts():
        place: Span = part.span  # type: ignore[attr-defined]
        if place.start <= span.start and span.end <= place.end:
            return part
    return None


def result_of(arch: Span) -> Span | None:
    """The result of the model of an architecture, by the place of its name or of all of it; None
    where that is a choice."""
    for node in tree(arch.source).items:
        if isinstance(node, ast.Arch) and arch in (node.span, node.name.span):
            models = [item for item in node.items if isinstance(item, ast.Model)]
            results = [model.body.result for model in models]
            return next((one.span for one in results if not isinstance(one, ast.Choice)), None)
    return None


def ends_the_model(span: Span) -> bool:
    """Whether what stands at a place is the last step of its model, in every design of the spec."""
    models = (node for node in tree(span.source).within() if isinstance(node, ast.Model))
    results = [model.body.result for model in models]
    last = [one.steps[-1] if isinstance(one, ast.Flow) else one for one in results]
    return span in [one.span for one in last if isinstance(one, (ast.Name, ast.Call))]
