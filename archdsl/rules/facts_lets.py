"""Which ``let`` of which body nothing reads."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost.rows import is_result
from archdsl.evaluate.layers import Module
from archdsl.graph.nodes import Fragment
from archdsl.rules.facts_text import tree
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archdsl.rules.case import Case
    from archdsl.source import Source, Span


class Unread(NamedTuple):
    """A let or a module that nothing reads, by name, and where it stands; or one of the names of a
    let that takes several results apart."""

    name: str
    span: Span
    is_result: bool = False


def unread(case: Case) -> list[tuple[Unread, ...]]:
    """The lets and modules of each body that no reader leads to the result from, as the text has
    it: one that another argument or choice would read is not among them."""
    found: dict[Span, tuple[Unread, ...]] = {}
    bodies = (node for node in case.nodes if isinstance(node, Fragment))
    for fragment in bodies:
        idle = [
            *(Unread(b.name, b.span, is_result(b.node)) for b in fragment.dead),
            *_modules(fragment),
        ]
        idle.sort(key=lambda one: one.span.start)
        if not idle or fragment.span in found:
            continue
        needed = _needed_around(idle[0].span)
        found[fragment.span] = _told([one for one in idle if one.name not in needed])
    return [bindings for bindings in found.values() if bindings]


def _told(idle: list[Unread]) -> tuple[Unread, ...]:
    """Those that are told: of a let all of whose results are idle, the let alone."""
    wholes = [one.span for one in idle if not one.is_result]
    return tuple(
        one for one in idle if not one.is_result or not any(_holds(w, one.span) for w in wholes)
    )


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


@lru_cache(maxsize=1024)
def _needed_around(let: Span) -> set[str]:
    """The names that the text of the body around a ``let`` reads on the way to its result."""
    return _needed(_by_let(let.source)[let])


@lru_cache(maxsize=16)
def _by_let(source: Source) -> dict[Span, ast.Body]:
    """The body that each ``let`` of a text stands in."""
    bodies = (node for node in tree(source).within() if isinstance(node, ast.Body))
    return {
        span: body
        for body in bodies
        for let in body.lets
        for span in (let.span, *(name.span for name in let.names))
    }


def _modules(fragment: Fragment) -> list[Unread]:
    """The modules that a body makes."""
    lets = fragment.source.lets if fragment.source is not None else ()
    return [Unread(name, span) for name, thing, span in lets if isinstance(thing, Module)]


def _needed(body: ast.Body) -> set[str]:
    needed = set(_names(body.result))
    needed.update(name for one in body.requires for name in _names(one.condition))
    for let in reversed(body.lets):
        if not needed.isdisjoint(name.id for name in let.names):
            needed.add(let.name.id)
            needed.update(_names(let.value))
    return needed


def _names(expression: ast.Expression) -> Iterator[str]:
    calls = [node for node in expression.within() if isinstance(node, ast.Call)]
    words = {id(call.function) for call in calls}
    for node in expression.within():
        if isinstance(node, ast.Name) and id(node) not in words:
            yield node.id
