"""From a clause as written to its model: arguments bound by place and name, mistakes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from archdsl.diagnostics import Diagnostic, Label, SpecError, closest, instead, meant
from archdsl.spec import catalog
from archdsl.spec.constants import constant
from archdsl.spec.device import Device
from archdsl.spec.fields import ClauseModel
from archdsl.spec.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.diagnostics import Meant
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
        raise SpecError(_unknown_word(keyword, call))
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
    written = [argument.name for argument in call.arguments if argument.name]
    told = {model.ours(name) or closest(name, model.model_fields) for name in written}
    required = [name for name, field in model.model_fields.items() if field.is_required()]
    names = [name for name in required if name not in given and name not in told]
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
    return f"{word}({', '.join(signature_parts(model))})"


def signature_parts(model: type[ClauseModel]) -> list[str]:
    """The arguments of a clause, those first that may stand without their names."""
    required = [name for name in model.positional if name in model.model_fields]
    named = [f"{name}=" for name in model.model_fields if name not in required]
    return [*required, *named]


def _unknown_word(clause: str, call: nodes.Call) -> Diagnostic:
    word = call.function
    known = catalog.words(clause)
    help, fix = _elsewhere(clause, call) or meant(word.id, known, word.span)
    return Diagnostic(
        "E401",
        f"`{clause}` knows no `{word.id}`",
        word.span,
        needed=f"one of {', '.join(known)}",
        help=help,
        fix=fix,
    )


def _elsewhere(clause: str, call: nodes.Call) -> Meant | None:
    """What a word of other libraries is here; None where it is none of theirs."""
    word = call.function
    for ours in catalog.words(clause):
        model = catalog.find(clause, ours)
        assert model is not None
        if word.id.lower() not in model.elsewhere:
            continue
        argument = model.elsewhere[word.id.lower()]
        if not argument:
            return instead(ours, word.span, f"`{word.id}` is `{ours}` here")
        given = [one.span.text for one in call.arguments]
        text = f"{ours}({', '.join((*given, argument))})"
        return instead(text, call.span, f"`{word.id}` is `{ours}(…, {argument})` here")
    return None


def _unknown_key(
    call: nodes.Call, model: type[ClauseModel], argument: nodes.Argument, name: str
) -> Diagnostic:
    span = argument.span._replace(end=argument.span.start + len(name))
    ours = model.ours(name)
    if ours in model.model_fields:
        help, fix = instead(ours, span, f"`{name}` is called `{ours}` here")
    else:
        help, fix = meant(name, model.model_fields, span)
    return Diagnostic(
        "E402",
        f"`{call.function.id}` takes no argument `{name}`",
        span,
        needed=f"`{signature(call.function.id, model)}`",
        help=model.otherwise.get(name) or help or _taken_elsewhere(name),
        fix=fix,
    )


def _taken_elsewhere(name: str) -> str:
    """Which other clause takes an argument of a name."""
    for clause in catalog.CLAUSES:
        for word in catalog.words(clause):
            model = catalog.find(clause, word)
            if model is not None and name in model.model_fields:
                return f"`{name}` is an argument of `{clause}`: `{clause} {word}({name}=…)`"
    return ""


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
