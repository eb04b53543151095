"""The arguments of a call that are not given yet, and the words that one of them may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from archdsl.cost import catalog as metrics
from archdsl.cost.profiles import shipped
from archdsl.lsp.completing.proposals import Kind, Place, Proposal
from archdsl.lsp.names import DEVICE, INPUT, LET, what_it_names
from archdsl.lsp.pages import field_told, field_words, model_of
from archdsl.ops import catalog as ops
from archdsl.ops.binding import parameters, spell
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archdsl.spec.fields import ClauseModel
    from archdsl.syntax.cursor import OpenCall


class Argument(NamedTuple):
    """One that a call takes: what it is, and the words that it may be."""

    name: str
    told: str = ""
    words: tuple[str, ...] = ()


def proposed(place: Place) -> Iterator[Proposal]:
    """What can stand in the call around a place."""
    if not place.call or not place.takes_name:
        return
    call = place.cursor.calls[0]
    model = model_of(place.cursor.clause, place.call) if place.is_in_clause else None
    if model is not None:
        takes = _of_clause(model, place)
        yield from _proposed(call, takes, model.positional, place)
        return
    metric = metrics.find(place.call)
    if metric is not None and place.cursor.clause in ("require", "maximize", "minimize"):
        yield from _of_metric(metric.signature, place)
        return
    takes, by_place = _of_callee(place)
    yield from _proposed(call, takes, by_place, place)


def _proposed(
    call: OpenCall, takes: Sequence[Argument], by_place: Sequence[str], place: Place
) -> Iterator[Proposal]:
    given = {one.name for one in call.given if one.name}
    unnamed = len(call.given) - len(given)
    taken = given.union(by_place[:unnamed])
    current = call.naming or next(iter(by_place[unnamed : unnamed + 1]), "")
    for one in takes:
        if one.name == current:
            for word in one.words:
                yield Proposal(word, Kind.EnumMember, 0, f"{one.name}={word}")
    if call.naming or place.cursor.previous not in ("LPAR", "COMMA"):
        return
    for one in takes:
        if one.name not in taken:
            yield Proposal(f"{one.name}=", Kind.Field, 1, one.told, snippet=f"{one.name}=$0")


def _of_clause(model: type[ClauseModel], place: Place) -> list[Argument]:
    return [
        Argument(name, field_told(model, name), _words(model, name, place))
        for name in model.model_fields
    ]


def _words(model: type[ClauseModel], name: str, place: Place) -> tuple[str, ...]:
    named = what_it_names(model, name)
    if named == DEVICE:
        return devices(place)
    if named == INPUT:
        return tuple(_inputs(place))
    return tuple(_parts(place)) if named == LET else field_words(model, name)


def devices(place: Place) -> tuple[str, ...]:
    """The devices that can be named."""
    own = place.names.devices if place.names is not None else ()
    return (*own, *shipped())


def _inputs(place: Place) -> Iterator[str]:
    for one in place.cursor.before:
        if isinstance(one, ast.Clause) and one.keyword == "data" and one.name is not None:
            yield one.name.id


def _parts(place: Place) -> Iterator[str]:
    """The lets of the models of a text."""
    items = place.names.tree.items if place.names is not None else ()
    models = [part for item in items for part in item.parts() if isinstance(part, ast.Model)]
    for model in models:
        yield from (name.id for let in model.body.lets for name in let.names)


def _of_callee(place: Place) -> tuple[list[Argument], list[str]]:
    """What an op, a block or a function takes, and what is given by place."""
    op = ops.find(place.call)
    if op is not None:
        takes = [
            Argument(
                one.name,
                one.accepts.what if one.required else f"{one.accepts.what}: {spell(one.default)}",
                one.accepts.names if one.accepts.kind != "flag" else ("true", "false"),
            )
            for one in parameters(op)
        ]
        layers = [*op.branches.names] if not op.branches.variadic else [""] * 99
        optional = [Argument(name, "a layer") for name in op.branches.optional]
        return [*takes, *optional], [*layers, *(one.name for one in takes)]
    if place.call == "when":
        return [Argument("else", "the other branch")], []
    known = place.names
    if known is None or known.callee(place.call) is None:
        return [], []
    names = [*known.parameters[place.call]][::-1]
    node = known.declared[place.call].node
    texts = {p.name.id: p.span.text for p in getattr(node, "parameters", ())}
    return [Argument(name, texts.get(name, "")) for name in names], names


def _of_metric(signature: str, place: Place) -> Iterator[Proposal]:
    """The words of ``memory(training|inference, batch=)``."""
    inside = signature.partition("(")[2].rstrip(")")
    for part in filter(None, re.split(r",\s*|\|", inside)):
        if part == "DEVICE":
            for name in devices(place):
                yield Proposal(name, Kind.Constant, 0, "device", "device")
        elif part.endswith("="):
            yield Proposal(part, Kind.Field, 0, snippet=f"{part}$0")
        else:
            yield Proposal(part, Kind.EnumMember, 0)
