"""Conditions closed: one that the choices decided leaves the branch that was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.closing.places import Disagree
from archdsl.closing.tree import is_literal, name_of, names_in, rebuilt
from archdsl.resolve.arguments import when_parts
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from archdsl.closing.base import Closer
    from archdsl.closing.places import Place


def when(closer: Closer, node: nodes.Call, place: Place) -> nodes.Expression:
    """``when(condition, layer, else=layer)``.

    It stays where copies took different branches, and where what decides it is not chosen and
    neither branch chooses anything.
    """
    condition, yes, no = when_parts(node)
    truths = closer.values(condition, place)
    decides = closer.expression(condition, place)
    chosen = closer.opened(yes) or closer.opened(no)
    if len(truths) == 1 and (chosen or _is_constant(decides, place)):
        live = yes if truths[0] else no
        return name_of("identity", node.span) if live is None else closer.expression(live, place)
    if not truths and is_literal(decides):  # in a branch that is not taken: nothing is known
        decides = condition
    arguments = [rebuilt(node.arguments[0], value=decides)]
    arguments += [
        rebuilt(argument, value=closer.expression(argument.value, place))
        for argument in node.arguments[1:]
    ]
    return rebuilt(node, arguments=_same(node.arguments, arguments))


def _same(
    before: tuple[nodes.Argument, ...], after: list[nodes.Argument]
) -> tuple[nodes.Argument, ...]:
    """The arguments that there were, if none of them changed."""
    changed = any(new is not old for new, old in zip(after, before, strict=True))
    return tuple(after) if changed else before


def _is_constant(condition: nodes.Expression, place: Place) -> bool:
    """Whether nothing but choices decides a condition."""
    return all(name in place.constants for name in names_in(condition) if name in place.bound)


def branches(closer: Closer, node: nodes.Expression, place: Place) -> list[nodes.Expression]:
    """The layers that an argument of a merge gives it."""
    if isinstance(node, nodes.Name) and is_none(node, closer, place):
        return []
    if isinstance(node, nodes.Choice):
        return branches(closer, node.options[closer.answer(node, place)], place)
    if isinstance(node, nodes.Call) and node.function.id == "pick":
        chosen = selected(closer, node, place)
        return [branch for one in chosen for branch in branches(closer, one, place)]
    if isinstance(node, nodes.Call) and node.function.id == "when":
        return _conditional(closer, node, place)
    return [closer.expression(node, place)]


def _conditional(closer: Closer, node: nodes.Call, place: Place) -> list[nodes.Expression]:
    """A branch that is there on a condition."""
    condition, yes, no = when_parts(node)
    truths = closer.values(condition, place)
    decides = closer.expression(condition, place)
    chosen = closer.opened(yes) or closer.opened(no)
    if len(truths) == 1 and (chosen or _is_constant(decides, place)):
        live = yes if truths[0] else no
        return [name_of("identity", node.span)] if live is None else branches(closer, live, place)
    parts = [rebuilt(node.arguments[0], value=decides)]
    for argument in node.arguments[1:]:
        given = branches(closer, argument.value, place)
        if len(given) > 1:
            raise Disagree
        value = given[0] if given else name_of("none", argument.value.span)
        parts.append(rebuilt(argument, value=value))
    return [rebuilt(node, arguments=_same(node.arguments, parts))]


def is_none(node: nodes.Name, closer: Closer, place: Place) -> bool:
    """Whether a name says that there is no branch."""
    return node.id == "none" and "none" not in place.bound and closer.copies.block("none") is None


def selected(closer: Closer, node: nodes.Call, place: Place) -> list[nodes.Expression]:
    """What a ``pick`` or a ``permute`` takes, in order."""
    options = [argument.value for argument in node.arguments]
    options = options if node.function.id == "permute" else options[1:]
    return [options[index] for index in selected_places(closer, node, place, len(options))]


def selected_places(closer: Closer, node: nodes.Call, place: Place, among: int) -> tuple[int, ...]:
    """Which of so many a ``pick`` or a ``permute`` takes, in order."""
    from itertools import combinations, islice, permutations

    taken = closer.answer(node, place)
    if node.function.id == "permute":
        return next(islice(permutations(range(among)), taken, None))
    counts = closer.values(node.arguments[0].value, place)
    if len(counts) != 1:
        raise Disagree
    return next(islice(combinations(range(among), counts[0]), taken, None))
