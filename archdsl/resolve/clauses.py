"""The clauses of an ``arch``: bound to their models, with what a design may choose in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.frames import Frame
from archdsl.evaluate.points import as_text
from archdsl.evaluate.program import Clauses
from archdsl.evaluate.run import Run
from archdsl.evaluate.settings import Settings, SettingsChoice
from archdsl.resolve.lower_values import lower_value
from archdsl.resolve.options import call_layers
from archdsl.resolve.scope import Labels, Scope
from archdsl.spec.bind import bind_clause, made, model_of, placed
from archdsl.spec.constants import constant
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archdsl.evaluate.scalars import Scalar
    from archdsl.spec.fields import ClauseModel

MOST = 10_000  # values of one argument that are tried when a spec is loaded
NOWHERE = Frame({}, "", 0, 0)


class Told(NamedTuple):
    """What the clauses say: those of the design of first options, and the open ones by keyword."""

    clauses: Clauses
    open: dict[str, Settings | SettingsChoice]


def resolve_clauses(
    items: Mapping[str, ast.Clause],
    allows: tuple[ast.Allow, ...],
    scope: Scope,
    findings: list[Diagnostic],
) -> Told | None:
    """The clauses by keyword. None when there are no data, or none that can be read."""
    bound: dict[str, Any] = {}
    calls: dict[str, ast.Call] = {}
    open_: dict[str, Settings | SettingsChoice] = {}
    for keyword, item in items.items():
        try:
            if not _is_open(item.settings):
                assert isinstance(item.settings, ast.Call)
                calls[keyword] = item.settings
                bound[keyword] = bind_clause(keyword, item.settings)
                continue
            open_[keyword] = _resolved(keyword, item.settings, Labels(f".{keyword}"), scope)
            first = open_[keyword].settled(NOWHERE, Run(lambda path, point: point.at(0)))
            bound[keyword], calls[keyword] = first
        except SpecError as error:
            findings.extend(error.diagnostics)
    if "data" not in bound:
        return None
    task, train, search = (bound.get(keyword) for keyword in ("task", "train", "search"))
    return Told(Clauses(bound["data"], task, train, search, allows, calls), open_)


def _is_open(node: ast.Expression) -> bool:
    """Whether something is to be chosen in an expression."""
    return any(isinstance(part, (ast.Choice, ast.Range)) for part in node.within())


def _resolved(
    keyword: str, node: ast.Expression, labels: Labels, scope: Scope, prefix: str = ""
) -> Settings | SettingsChoice:
    """A clause with choices; ``prefix`` begins the paths of those inside its call."""
    if isinstance(node, ast.Choice):
        label = labels.claim("optimizer")
        called = call_layers(node.options, node.names)
        options = [_alternative(keyword, option, labels, scope) for option in node.options]
        return SettingsChoice(label, tuple(options), *called, node.span)
    assert isinstance(node, ast.Call)
    return _settings(keyword, node, scope, prefix or labels.prefix)


def _alternative(
    keyword: str, node: ast.Expression, labels: Labels, scope: Scope
) -> Settings | SettingsChoice:
    prefix = labels.claim(node.function.id) if isinstance(node, ast.Call) else ""
    return _resolved(keyword, node, labels, scope, prefix)


def _settings(keyword: str, call: ast.Call, scope: Scope, prefix: str) -> Settings:
    model = model_of(keyword, call)
    mistakes: list[Diagnostic] = []
    given = placed(call, model, mistakes)
    values: dict[str, Any] = {}
    chosen: dict[str, Scalar] = {}
    for name, argument in given.items():
        try:
            if not _is_open(argument.value):
                values[name] = constant(argument.value)
            elif name not in model.chosen():
                mistakes.append(_not_chosen(name, argument, model))
            else:
                label = Labels(f"{prefix}.{name}")
                chosen[name] = lower_value(argument.value, scope, label, whole=True)
        except SpecError as error:
            mistakes.extend(error.diagnostics)
    if mistakes:
        raise SpecError(*mistakes)
    settings = Settings(call, model, given, values, chosen)
    _try_all(settings, scope)
    return settings


def _not_chosen(name: str, argument: ast.Argument, model: type[ClauseModel]) -> Diagnostic:
    may = ", ".join(f"`{name}`" for name in model.chosen())
    return Diagnostic(
        "E409",
        f"`{name}` is given, and no choice",
        argument.value.span,
        needed=f"a constant; choices may be {may}" if may else "a constant",
    )


def _try_all(settings: Settings, scope: Scope) -> None:
    """Raises for the values that the arguments of a clause do not take, each at its place."""
    mistakes = [
        mistake
        for name in settings.chosen
        for option in _alternatives(settings.given[name].value)
        for mistake in _refused(settings, name, option, scope)
    ]
    if mistakes:
        raise SpecError(*mistakes)


def _refused(
    settings: Settings, name: str, option: ast.Expression, scope: Scope
) -> tuple[Diagnostic, ...]:
    """What is wrong with the first value of an option that an argument does not take."""
    given = {**settings.given, name: ast.Argument(name, option, option.span)}
    for value in _values(lower_value(option, scope, Labels())):
        try:
            made(settings.call, settings.model, given, {**settings.values, name: value})
        except SpecError as error:
            if not error.diagnostics:  # others are missing because they are choices, too
                continue
            if not isinstance(option, ast.Range):
                return error.diagnostics
            message = f"`{name}` cannot be {as_text(value)}"
            return tuple(replace(found, message=message) for found in error.diagnostics)
    return ()


def _alternatives(node: ast.Expression) -> Iterator[ast.Expression]:
    """The options of a choice, those of options among them; else the expression itself."""
    if not isinstance(node, ast.Choice):
        yield node
        return
    for option in node.options:
        yield from _alternatives(option)


def _values(scalar: Scalar) -> Iterator[Any]:
    """What a value expression can come to, in the order of its options; of a continuous range the
    ends and some between."""
    places: list[int] = []
    for _ in range(MOST):
        sizes: list[int] = []

        def choose(path: str, point: Any) -> Any:
            answers = point.answers()
            sizes.append(len(answers))  # noqa: B023
            places.extend([0] * (len(sizes) - len(places)))  # noqa: B023
            return answers[places[len(sizes) - 1]]  # noqa: B023

        yield scalar.value(NOWHERE, Run(choose))
        del places[len(sizes) :]
        while places and places[-1] + 1 == sizes[len(places) - 1]:
            places.pop()
        if not places:
            return
        places[-1] += 1
