"""What pydantic refuses, said in the language's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from archdsl.diagnostics import Diagnostic, Edit, Fix, closest, did_you_mean, instead
from archdsl.spec.constants import Quantity
from archdsl.spec.fields import ClauseModel, What
from archdsl.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_NUMBER = re.compile(r"\d[\d_]*(\.\d+)?(e-?\d+)? ?[A-Za-z]{0,3}")


def refusal(
    call: nodes.Call,
    model: type[ClauseModel],
    given: Mapping[str, nodes.Argument],
    values: Mapping[str, Any],
    error: ValidationError,
) -> list[Diagnostic]:
    """One finding for each argument that was refused; missing ones are told elsewhere."""
    found = []
    for detail in error.errors(include_url=False):
        place = detail["loc"]
        if not place:
            found.append(Diagnostic("E406", detail["msg"], call.span))
        elif str(place[0]) in values:
            name = str(place[0])
            found.append(_refused(name, given[name], values[name], model, detail))
    return found


def _refused(
    name: str,
    argument: nodes.Argument,
    value: Any,
    model: type[ClauseModel],
    detail: ErrorDetails,
) -> Diagnostic:
    words = choices(model.model_fields[name].annotation)
    needed = f"one of {', '.join(words)}" if words else accepted(model, name)
    given = value if isinstance(value, str) else ""
    near = closest(given, words)
    span = argument.value.span
    if not words and isinstance(argument.value, nodes.Text) and _NUMBER.fullmatch(value):
        help, fix = instead(value, span, f"a number stands without quotes: `{value}`")
        message = f"`{name}` cannot be `{_short(span.text)}`"
        return Diagnostic("E406", message, span, needed=needed, help=help, fix=fix)
    return Diagnostic(
        _code(value, detail["type"]),
        f"`{name}` cannot be `{_short(span.text)}`",
        span,
        needed=needed,
        help=did_you_mean(given, words),
        fix=Fix(f"write `{near}`", (Edit(span, near),)) if near else None,
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _code(value: Any, kind: str) -> str:
    if kind == "dimension" or isinstance(value, Quantity):
        return "E408"
    return "E407" if kind.startswith(("greater_than", "less_than")) else "E406"


def accepted(model: type[ClauseModel], name: str) -> str:
    """What an argument accepts, in words."""
    field = model.model_fields[name]
    for found in (*field.metadata, *_parts(field.annotation)):
        if isinstance(found, What):
            return found.text
    return "acceptable"


def choices(annotation: Any) -> tuple[str, ...]:
    """The words of a ``Literal``, also of an optional one."""
    if get_origin(annotation) is Literal:
        return tuple(get_args(annotation))
    return next(filter(None, (choices(part) for part in get_args(annotation))), ())


def _parts(annotation: Any) -> list[Any]:
    """Everything inside an annotation, outermost first."""
    inside = list(get_args(annotation))
    return inside + [part for found in inside for part in _parts(found)]
