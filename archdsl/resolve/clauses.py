"""The clauses of an ``arch``: bound to their models, with what a design may choose in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.frames import Frame
from archdsl.evaluate.open_clauses import ClauseChoice, Open, OpenClause, OpenInputs, TakenClause
from archdsl.evaluate.points import as_text
from archdsl.evaluate.program import Clauses
from archdsl.evaluate.run import Run
from archdsl.resolve.inputs import disagreements, named
from archdsl.resolve.lower_values import lower_value
from archdsl.resolve.options import call_layers
from archdsl.resolve.scope import Labels, Scope
from archdsl.spec.bind import bind_clause, made, model_of, placed
from archdsl.spec.constants import constant
from archdsl.spec.key_map import key_map
from archdsl.spec.several import Several
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archdsl.evaluate.scalars import Scalar
    from archdsl.spec.fields import ClauseModel
    from archdsl.spec.key_map import KeyMap
    from archdsl.spec.task import Task

NOWHERE = Frame({}, "", 0, 0)


class Told(NamedTuple):
    """What the clauses say: those of the design of first options, and the open ones by keyword."""

    clauses: Clauses
    open: dict[str, Open]


def resolve_clauses(
    items: Mapping[str, ast.Clause],
    inputs: Sequence[ast.Clause],
    tasks: Sequence[ast.Clause],
    weights: tuple[ast.Clause, ...],
    allows: tuple[ast.Allow, ...],
    scope: Scope,
    findings: list[Diagnostic],
) -> Told | None:
    """The clauses by keyword, the ``inputs`` being those of the data, and the tasks, of which there
    may be several. None when there are no data, or none that can be read."""
    told: dict[str, TakenClause | Open] = {}
    apart = named(inputs, findings)
    data = _data(apart, scope, findings)
    data = data if len(apart) == len(inputs) else None
    if data is not None:
        told["data"] = data
    for keyword, item in items.items():
        try:
            told[keyword] = _told(item, Labels(f".{keyword}"), scope)
        except SpecError as error:
            findings.extend(error.diagnostics)
    task, of_tasks = _task(tasks, findings)
    maps = _key_maps(weights, findings)
    if data is None:
        return None
    open_ = {keyword: one for keyword, one in told.items() if not isinstance(one, TakenClause)}
    taken = {keyword: _first(one) for keyword, one in told.items()}
    bound = {keyword: one.clause for keyword, one in taken.items()}
    calls = {**{keyword: one.call for keyword, one in taken.items()}, **of_tasks}
    train, search = (bound.get(keyword) for keyword in ("train", "search"))
    return Told(Clauses(bound["data"], task, train, search, allows, calls, maps), open_)


def _key_maps(clauses: tuple[ast.Clause, ...], findings: list[Diagnostic]) -> tuple[KeyMap, ...]:
    """The maps of the ``weights`` clauses, one for each origin."""
    maps: dict[str, KeyMap] = {}
    for clause in clauses:
        origin = clause.call.function
        if origin.id in maps:
            findings.append(_second_map(origin))
            continue
        try:
            maps[origin.id] = key_map(clause.call)
        except SpecError as error:
            findings.extend(error.diagnostics)
    return tuple(maps.values())


def _second_map(origin: ast.Name) -> Diagnostic:
    return Diagnostic(
        "E420",
        f"there is a `weights {origin.id}` already",
        origin.span,
        needed="one for each origin",
        help="put its rows into the first one, or give it another name",
    )


def _task(
    tasks: Sequence[ast.Clause], findings: list[Diagnostic]
) -> tuple[Task | None, dict[str, ast.Call]]:
    """The task, or all of several, and their calls: that of the first as ``task``, those of several
    as ``task.NAME``, too."""
    bound: dict[str, Task] = {}
    calls: dict[str, ast.Call] = {}
    for item in tasks:
        name = item.name.id if item.name is not None else ""
        try:
            bound[name] = bind_clause("task", item.call)
        except SpecError as error:
            findings.extend(error.diagnostics)
            continue
        calls[f"task.{name}"] = item.call
        if len(tasks) == 1 and bound[name].weight is not None:
            findings.append(_weight_of_one(item.call))
    if not bound or len(bound) < len(tasks):
        return None, {}
    calls["task"] = tasks[0].call
    if len(tasks) == 1:
        return next(iter(bound.values())), calls
    return Several.together(bound), calls


def _weight_of_one(call: ast.Call) -> Diagnostic:
    given = next(one for one in call.arguments if one.name == "weight")
    return Diagnostic(
        "E449",
        "`weight` is of one task among several, and there is one",
        given.span,
        needed="no `weight`, or another task",
    )


def _data(
    inputs: Sequence[ast.Clause], scope: Scope, findings: list[Diagnostic]
) -> TakenClause | Open | None:
    """The clause of the data; of several inputs, all of them. None where one cannot be read."""
    told: list[TakenClause | OpenClause | ClauseChoice] = []
    for item in inputs:
        label = f".data.{item.name.id}" if item.name is not None and len(inputs) > 1 else ".data"
        try:
            told.append(_told(item, Labels(label), scope))
        except SpecError as error:
            findings.extend(error.diagnostics)
    if not inputs or len(told) < len(inputs):
        return None
    found = disagreements(inputs, [_first(one).clause for one in told])
    findings.extend(found)
    if len(told) == 1 or found:
        return told[0] if not found else None
    several = OpenInputs(tuple(item.name.id for item in inputs if item.name), tuple(told))
    return several if any(not isinstance(one, TakenClause) for one in told) else _first(several)


def _told(
    item: ast.Clause, labels: Labels, scope: Scope
) -> TakenClause | OpenClause | ClauseChoice:
    """A clause as it is said, or as a design may choose it. Raises :class:`SpecError`."""
    if _is_open(item.settings):
        return _resolved(item.keyword, item.settings, labels, scope)
    return TakenClause(bind_clause(item.keyword, item.call), item.call)


def _first(clause: TakenClause | Open) -> TakenClause:
    """A clause of the design that takes first options."""
    if isinstance(clause, TakenClause):
        return clause
    return clause.taken(NOWHERE, Run(lambda path, point: point.at(0)))


def _is_open(node: ast.Expression) -> bool:
    """Whether something is to be chosen in an expression."""
    return any(isinstance(part, (ast.Choice, ast.Range)) for part in node.within())


def _resolved(
    keyword: str, node: ast.Expression, labels: Labels, scope: Scope, prefix: str = ""
) -> OpenClause | ClauseChoice:
    """A clause with choices; ``prefix`` begins the paths of those inside its call."""
    if isinstance(node, ast.Choice):
        label = labels.claim("optimizer")
        called = call_layers(node.options, node.names)
        options = [_alternative(keyword, option, labels, scope) for option in node.options]
        return ClauseChoice(label, tuple(options), *called, node.span)
    assert isinstance(node, ast.Call)
    return _open_clause(keyword, node, scope, prefix or labels.prefix)


def _alternative(
    keyword: str, node: ast.Expression, labels: Labels, scope: Scope
) -> OpenClause | ClauseChoice:
    prefix = labels.claim(node.function.id) if isinstance(node, ast.Call) else ""
    return _resolved(keyword, node, labels, scope, prefix)


def _open_clause(keyword: str, call: ast.Call, scope: Scope, prefix: str) -> OpenClause:
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
    clause = OpenClause(call, model, given, values, chosen)
    _try_all(clause, scope)
    return clause


def _not_chosen(name: str, argument: ast.Argument, model: type[ClauseModel]) -> Diagnostic:
    may = ", ".join(f"`{name}`" for name in model.chosen())
    return Diagnostic(
        "E409",
        f"`{name}` is given, and no choice",
        argument.value.span,
        needed=f"a constant; choices may be {may}" if may else "a constant",
    )


def _try_all(clause: OpenClause, scope: Scope) -> None:
    """Raises for the values that the arguments of a clause do not take, each at its place."""
    mistakes = [
        mistake
        for name in clause.chosen
        for option in _alternatives(clause.given[name].value)
        for mistake in _refused(clause, name, option, scope)
    ]
    if mistakes:
        raise SpecError(*mistakes)


def _alternatives(node: ast.Expression) -> Iterator[ast.Expression]:
    """The options of a choice, those of options among them; else the expression itself."""
    if not isinstance(node, ast.Choice):
        yield node
        return
    for option in node.options:
        yield from _alternatives(option)


def _refused(
    clause: OpenClause, name: str, option: ast.Expression, scope: Scope
) -> tuple[Diagnostic, ...]:
    """What is wrong with an option whose ends an argument does not take."""
    given = {**clause.given, name: ast.Argument(name, option, option.span)}
    for value in _ends(lower_value(option, scope, Labels())):
        try:
            made(clause.call, clause.model, given, {**clause.values, name: value})
        except SpecError as error:
            if not error.diagnostics:  # others are missing because they are choices, too
                continue
            if not isinstance(option, ast.Range):
                return error.diagnostics
            message = f"`{name}` cannot be {as_text(value)}"
            return tuple(replace(found, message=message) for found in error.diagnostics)
    return ()


def _ends(scalar: Scalar) -> Iterator[Any]:
    """What a value expression comes to with all its first options, and with all its last ones.
    Arguments that are numbers take all between two that they take."""
    for share in (0.0, 1.0):
        yield scalar.value(NOWHERE, Run(lambda path, point: point.at(share)))  # noqa: B023
