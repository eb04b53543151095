"""One ``arch`` resolved: its clauses bound, its lets and its model lowered."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label, SpecError
from archdsl.evaluate import going_on, layers, scalars
from archdsl.evaluate.body import Body
from archdsl.evaluate.frames import MISTAKEN
from archdsl.evaluate.layers import Module
from archdsl.evaluate.program import Objective, Program
from archdsl.resolve.adaptable import adaptable
from archdsl.resolve.blocks import Blocks, attempt, lower_let, resolve_body
from archdsl.resolve.clauses import resolve_clauses
from archdsl.resolve.freezing import frozen_lets
from archdsl.resolve.inputs import ModelInputs, bound_already
from archdsl.resolve.lower_modules import lower_module
from archdsl.resolve.lower_values import known_value
from archdsl.resolve.requirements import resolve_requirement
from archdsl.resolve.scope import LAYER, VALUE, Hint, Labels, Scope, sort_of
from archdsl.resolve.scope import UNKNOWN as DECIDED_LATER
from archdsl.spec.catalog import tasks
from archdsl.spec.outcome import WrongOutput
from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.evaluate.layers import Thing
    from archdsl.evaluate.program import Clauses
    from archdsl.graph.nodes import Learning
    from archdsl.source import Span


class _Sorted(NamedTuple):
    clauses: dict[str, ast.Clause]
    weights: list[ast.Clause]
    tasks: list[ast.Clause]
    data: list[ast.Clause]
    lets: list[ast.Let]
    models: list[ast.Model]
    requires: list[ast.Require]
    objectives: list[ast.Objective]
    allows: list[ast.Allow]


def resolve_arch(item: ast.Arch, blocks: Blocks) -> Program:
    """Resolve an ``arch``. Raises :class:`SpecError` with all its findings."""
    findings: list[Diagnostic] = []
    parts = _sort(item, findings)
    if not parts.data:
        findings.append(_no_data(item))
    outside = Scope(blocks, {}, flows_in=False)
    told = resolve_clauses(
        parts.clauses,
        parts.data,
        parts.tasks,
        tuple(parts.weights),
        tuple(parts.allows),
        outside,
        findings,
    )
    clauses = told.clauses if told is not None else None
    constants = _constants(clauses)
    inputs = ModelInputs.of(parts.data)
    findings += inputs.mistakes(parts.data, parts.tasks, constants)
    refused = clauses is None or (clauses.task is None and bool(parts.tasks))
    known = (*_could_be_named(parts), "vocab") if refused else constants
    scope = Scope(blocks, dict.fromkeys(known, VALUE), flows_in=False, told=findings)
    scope.hints = {**_hints(constants, clauses), **inputs.hints(clauses)}
    lets = _lets(parts.lets, scope, inputs, findings)
    modules = frozenset(name for name, thing in lets if isinstance(thing, Module))
    model = _model(item, parts, scope, inputs, modules, findings)
    # metrics are of a design, once it is made
    measuring = Scope(blocks, scope.kinds, metrics=True, flows_in=False)
    resolved = [
        resolve_requirement(require, measuring, Labels(".require"), findings)
        for require in parts.requires
    ]
    objectives = _objectives(parts.objectives, measuring, findings)
    frozen: Mapping[str, Learning] = {}
    if told is not None and model is not None:
        within = parts.models[0].body.lets
        may_adapt = partial(adaptable, within, parts.lets, blocks)
        frozen = frozen_lets(told, model, may_adapt, findings)
    if findings or told is None or model is None:
        if model is not None:
            values = {**dict.fromkeys(known, MISTAKEN), **constants}
            takes = told.clauses.data.tensor() if told is not None else inputs.unknown()
            findings += going_on.mistakes(values, lets, model, takes)
        raise SpecError(*findings)
    model.frozen = frozen
    program = Program(item.name.id, told.clauses, constants, lets, model, item.name.span)
    program.open_clauses = told.open
    program.requirements = tuple(one for one in resolved if one is not None)
    program.objectives = objectives
    return program


def _sort(item: ast.Arch, findings: list[Diagnostic]) -> _Sorted:
    parts = _Sorted({}, [], [], [], [], [], [], [], [])
    lists: dict[type, list[Any]] = {
        ast.Let: parts.lets,
        ast.Model: parts.models,
        ast.Require: parts.requires,
        ast.Objective: parts.objectives,
        ast.Allow: parts.allows,
    }
    for part in item.items:
        if not isinstance(part, ast.Clause):
            lists[type(part)].append(part)
        elif part.keyword == "weights":
            parts.weights.append(part)
        elif part.keyword == "task" and _is_another(part, parts.tasks):
            parts.tasks.append(part)
        elif part.keyword == "task":
            findings.append(_second_task(part, parts.tasks[0]))
        elif part.keyword == "data" and not _is_second_unnamed(part, parts.data):
            parts.data.append(part)
        elif part.keyword == "data":
            findings.append(_second_data(part, parts.data[0]))
        elif part.keyword in parts.clauses:
            findings.append(_second(part.keyword, part, parts.clauses[part.keyword]))
        else:
            parts.clauses[part.keyword] = part
    findings.extend(_second("model", model, parts.models[0]) for model in parts.models[1:])
    return parts


def _is_second_unnamed(clause: ast.Clause, before: list[ast.Clause]) -> bool:
    """Whether no input of an ``arch`` has a name yet, and there is one."""
    return clause.name is None and bool(before) and all(one.name is None for one in before)


def _second_data(later: ast.Clause, first: ast.Clause) -> Diagnostic:
    help = "delete one of them; several inputs have names, as in `data picture = image(3, 32, 32)`"
    return replace(_second("data", later, first), help=help)


def _second(what: str, later: Any, first: Any) -> Diagnostic:
    return Diagnostic(
        "E420",
        f"there is a `{what}` already",
        later.span,
        trail=(Label(first.span, "the first one"),),
        needed=f"one `{what}`",
        help=f"delete one of them; what has another `{what}` is another `arch`",
        fix=Fix("delete the second one", (Edit(_with_line(later.span), ""),)),
    )


def _is_another(task: ast.Clause, before: list[ast.Clause]) -> bool:
    """Whether a task may stand beside others: all have names, each its own."""
    if not before:
        return True
    names = [one.name.id for one in before if one.name is not None]
    return task.name is not None and len(names) == len(before) and task.name.id not in names


def _second_task(later: ast.Clause, first: ast.Clause) -> Diagnostic:
    help = (
        "delete one of them; several tasks of one model have names of their own, as in "
        "`task kind = classify(10)` and `task age = regress(1)`"
    )
    return replace(_second("task", later, first), help=help)


def _with_line(span: Span) -> Span:
    """A span widened to its whole lines, unless something else stands on them."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    alone = not text[start : span.start].strip() and not text[span.end : max(end, span.end)].strip()
    return span._replace(start=start, end=end + 1) if alone and end >= 0 else span


def _no_data(item: ast.Arch) -> Diagnostic:
    return Diagnostic(
        "E423",
        f"`{item.name.id}` does not say what its data is",
        item.name.span,
        needed="`data image(3, 32, 32)`, or another kind of data",
    )


def named_by_tasks() -> dict[str, str]:
    """The names that tasks give their widths, each with a task as an example; where a clause is
    broken, they still exist."""
    return {task.positional[0]: task.example for task in tasks().values() if task.positional}


def _could_be_named(parts: _Sorted) -> list[str]:
    """The names that some task in place of a broken one might give."""
    owners = [f"{one.name.id}." for one in parts.tasks if one.name is not None]
    given = [*named_by_tasks(), *(name for task in tasks().values() for name in task.may_name)]
    return [f"{owner}{name}" for owner in ("", *owners) for name in given]


def _constants(clauses: Clauses | None) -> dict[str, Any]:
    """The names every ``arch`` knows: what its data and its task say of themselves."""
    if clauses is None:
        return {}
    named: dict[str, Any] = dict(clauses.data.names())
    return {**named, **clauses.task.names()} if clauses.task is not None else named


def _hints(constants: dict[str, Any], clauses: Clauses | None) -> dict[str, Hint]:
    """What to say of the names that other tasks and data give."""
    named = named_by_tasks()
    missing = [name for name in (*named, "vocab") if name not in constants]
    if clauses is None:
        return {}
    if clauses.task is None:
        return {
            name: Hint(f"say what the model is for, with `task {example}`: it names `{name}`")
            for name, example in named.items()
            if name in missing
        }
    answer = clauses.task.outputs(clauses.data)
    if isinstance(answer, WrongOutput):  # what the task predicts has no width for such data
        return {name: Hint(answer.message) for name in missing}
    if len(clauses.task.heads) > 1:
        return {name: _of_several(name, constants) for name in missing}
    task = clauses.calls["task"].function.id
    other = next((name for name in (*named, "vocab") if name in constants), "")
    help = f"the task is `{task}`: what it predicts is called `{other}`"
    return {name: Hint(help, other) for name in missing} if other else {}


def _of_several(name: str, constants: Mapping[str, Any]) -> Hint:
    """What to say of the width of a task where there are several."""
    others = [one for one in constants if one.endswith(f".{name}")]
    known = ", ".join(f"`{one}`" for one in others or [one for one in constants if "." in one])
    help = f"there are several tasks, each names its own: {known}"
    return Hint(help, others[0] if len(others) == 1 else "")


def _lets(
    lets: list[ast.Let], scope: Scope, inputs: ModelInputs, findings: list[Diagnostic]
) -> tuple[tuple[str, Thing], ...]:
    resolved: list[tuple[str, Thing]] = []
    for let in lets:
        name = let.name.id
        is_second = name in scope.kinds or name == "x" or name in scope.owners()
        is_second = is_second or name in inputs.names
        if is_second:
            findings.append(bound_already(let.name))
        is_layer = let.is_module or sort_of(let.value, scope) == LAYER
        label = Labels("" if is_layer else f".{name}")
        lower = lower_module if let.is_module else lower_let
        thing: Thing | None = attempt(lambda: lower(let, scope, label), findings)  # noqa: B023
        thing = scalars.Mistaken(let.span) if is_second else thing
        broken = isinstance(thing, (scalars.Mistaken, layers.Mistaken))
        scope.kinds[name] = DECIDED_LATER if broken else sort_of(let.value, scope)
        if isinstance(thing, Module):
            scope.kinds[name] = LAYER
        if isinstance(thing, layers.Layer):
            scope.applied.add(name)
        if isinstance(thing, scalars.Unbound):
            scope.words[name] = thing
        if thing is not None:
            resolved.append((name, thing))
    return tuple(resolved)


def _model(
    item: ast.Arch,
    parts: _Sorted,
    scope: Scope,
    inputs: ModelInputs,
    modules: frozenset[str],
    findings: list[Diagnostic],
) -> Body | None:
    """The model's body; ``modules`` are those outside of it."""
    if not parts.models:
        findings.append(
            Diagnostic(
                "E424",
                f"`{item.name.id}` has no model",
                item.name.span,
                needed="`model = …` or `model { … return … }`",
            )
        )
        return None
    node = parts.models[0].body
    body = Body(item.name.id, shared=False, braced=node.braced, span=node.span)
    kinds = {**scope.kinds, **dict.fromkeys(inputs.bound(), LAYER)}
    labels = Labels(reserved=(*scope.kinds, *scope.blocks.shared()))
    inside = Scope(scope.blocks, kinds, told=findings)
    inside.aliases = inputs.aliases()
    inside.words = scope.words
    inside.hints = scope.hints
    inside.applied = scope.applied
    body.outer_modules = modules
    resolve_body(body, node, inside, labels, findings)
    return body


def _objectives(
    objectives: list[ast.Objective], scope: Scope, findings: list[Diagnostic]
) -> tuple[Objective, ...]:
    scope.reports = True
    resolved: list[Objective] = []
    for objective in objectives:
        try:
            scalar = known_value(objective.metric, scope, Labels(".objective"))
        except SpecError as error:
            findings.extend(error.diagnostics)
            continue
        resolved.append(Objective(objective.direction, scalar, objective.span))
    return tuple(resolved)
