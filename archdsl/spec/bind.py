"""From a clause as written to its model: arguments bound by place and name, mistakes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label, SpecError, closest, did_you_mean
from archdsl.spec import catalog
from archdsl.spec.constants import constant
from archdsl.spec.device import Device
from archdsl.spec.fields import ClauseModel
from archdsl.spec.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.syntax import nodes

Model = TypeVar("Model", bound=ClauseModel)


def bind_clause(keyword: str, call: nodes.Call) -> Any:
    """The model of a ``data``, ``task``, ``train``, ``search`` or ``device`` clause.

    Raises :class:`SpecError` with everything that is wrong in the clause.
    """
    return bind(call, model_of(keyword, call))


def model_of(keyword: str, call: nodes.Call) -> type[ClauseModel]:
    """What a clause is told as. Raises :class:`SpecError` for a word that the clause has not."""
    if keyword == "device":
        return Device
    model = catalog.find(keyword, call.function.id)
    if model is None:
        raise SpecError(_unknown_word(keyword, call.function))
    return model


def bind(call: nodes.Call, model: type[Model]) -> Model:
    """A model from the arguments of a call. Raises :class:`SpecError` with every mistake found."""
    mistakes: list[Diagnostic] = []
    given = placed(call, model, mistakes)
    values = {}
    for name, argument in given.items():
        try:
            values[name] = constant(argument.value)
        except SpecError as error:
            mistakes.extend(error.diagnostics)
    try:
        bound = made(call, model, given, values)
    except SpecError as error:
        mistakes.extend(error.diagnostics)
    if mistakes:
        raise SpecError(*mistakes)
    return bound


def placed(
    call: nodes.Call, model: type[ClauseModel], mistakes: list[Diagnostic]
) -> dict[str, nodes.Argument]:
    """The arguments by field name; those that belong nowhere or are missing become mistakes."""
    given = _assigned(call, model, mistakes)
    mistakes.extend(_missing(call, model, given))
    return given


def made(
    call: nodes.Call,
    model: type[Model],
    given: Mapping[str, nodes.Argument],
    values: Mapping[str, Any],
) -> Model:
    """The model of values by field name. Raises :class:`SpecError` for those it cannot be."""
    plain = {name: str(v) if isinstance(v, str) else v for name, v in values.items()}
    try:
        return model(**plain)
    except ValidationError as error:
        raise SpecError(*refusal(call, model, given, plain, error)) from None


def _assigned(
    call: nodes.Call, model: type[ClauseModel], mistakes: list[Diagnostic]
) -> dict[str, nodes.Argument]:
    """The arguments by field name; those that belong nowhere become mistakes."""
    given: dict[str, nodes.Argument] = {}
    places = iter(model.positional)
    for argument in call.arguments:
        name = next(places, None) if argument.name is None else argument.name
        if name is None:
            mistakes.append(_too_many(call, model, argument))
        elif name not in model.model_fields:
            mistakes.append(_unknown_key(call, model, argument, name))
        elif name in given:
            mistakes.append(_twice(name, argument, given[name]))
        else:
            given[name] = argument
    return given


def _missing(
    call: nodes.Call, model: type[ClauseModel], given: dict[str, nodes.Argument]
) -> list[Diagnostic]:
    names = [n for n, f in model.model_fields.items() if f.is_required() and n not in given]
    if not names:
        return []
    plural = "s" if len(names) > 1 else ""
    missing = " and ".join(f"`{name}`" for name in names)
    return [
        Diagnostic(
            "E405",
            f"`{call.function.id}` lacks the argument{plural} {missing}",
            call.span,
            needed=f"`{signature(call.function.id, model)}`",
        )
    ]


def signature(word: str, model: type[ClauseModel]) -> str:
    """``image(channels, height, width, samples=, …)``"""
    required = [name for name in model.positional if name in model.model_fields]
    named = [f"{name}=" for name in model.model_fields if name not in required]
    return f"{word}({', '.join((*required, *named))})"


def _unknown_word(clause: str, word: nodes.Name) -> Diagnostic:
    known = catalog.words(clause)
    near = closest(word.id, known)
    return Diagnostic(
        "E401",
        f"`{clause}` knows no `{word.id}`",
        word.span,
        needed=f"one of {', '.join(known)}",
        help=did_you_mean(word.id, known),
        fix=_respelt(Edit(word.span, near)),
    )


def _unknown_key(
    call: nodes.Call, model: type[ClauseModel], argument: nodes.Argument, name: str
) -> Diagnostic:
    near = closest(name, model.model_fields)
    span = argument.span._replace(end=argument.span.start + len(name))
    return Diagnostic(
        "E402",
        f"`{call.function.id}` takes no argument `{name}`",
        span,
        needed=f"`{signature(call.function.id, model)}`",
        help=did_you_mean(name, model.model_fields) or _taken_elsewhere(name),
        fix=_respelt(Edit(span, near)),
    )


def _taken_elsewhere(name: str) -> str:
    """Which other clause takes an argument of a name."""
    for clause in catalog.CLAUSES:
        for word in catalog.words(clause):
            model = catalog.find(clause, word)
            if model is not None and name in model.model_fields:
                return f"`{name}` is an argument of `{clause}`: `{clause} {word}({name}=…)`"
    return ""


def _respelt(edit: Edit) -> Fix | None:
    """The fix that writes what is meant, where something is."""
    return Fix(f"write `{edit.replacement}`", (edit,)) if edit.replacement else None


def _too_many(call: nodes.Call, model: type[ClauseModel], argument: nodes.Argument) -> Diagnostic:
    count = len(model.positional)
    takes = f"{count} argument{'s' if count != 1 else ''}" if count else "no arguments"
    return Diagnostic(
        "E403",
        f"`{call.function.id}` takes {takes} without a name",
        argument.span,
        needed=f"`{signature(call.function.id, model)}`",
    )


def _twice(name: str, argument: nodes.Argument, first: nodes.Argument) -> Diagnostic:
    return Diagnostic(
        "E404",
        f"`{name}` is given twice",
        argument.span,
        trail=(Label(first.span, "given here first"),),
    )
