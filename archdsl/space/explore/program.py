"""Exploring a whole program: its lets, its model, its task and what it requires of values."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.frames import Frame
from archdsl.evaluate.layers import is_value
from archdsl.evaluate.scalars import Variable
from archdsl.space.diagram import ZERO, Part, Product, amounts_of
from archdsl.space.explore.explorer import Endless, Explorer, Key, Unexplorable
from archdsl.space.explore.outcomes import Group, Made, Trained, Whole
from archdsl.space.explore.units import Unit, Value
from archdsl.syntax.bounds import raising

if TYPE_CHECKING:
    from archdsl.evaluate.program import Program
    from archdsl.evaluate.requirements import Requirement
    from archdsl.space.diagram import Node
    from archdsl.space.explore.run import SpaceRun


BITS = 14_000  # of a number that is told: Python writes none of more than 4,300 digits


def explored(program: Program, explorer: Explorer) -> list[tuple[Group, Node]]:
    """The designs of a program that fit together and do its task, by what sets them apart.

    Raises :class:`~archdsl.space.explore.explorer.Unexplorable` where that takes too much.
    """
    unit = Unit(lambda takes, run: _whole(program, run), frozenset())
    unit.whole = True
    key = _alone(unit)
    try:
        joint = explorer.result(key)
        exact = joint.nested <= explorer.bounds.calls + 1  # the model itself is no call
    except Endless:
        exact = False
    if not exact:  # calls that nest too deep are refused, and how deep is to be known for that
        explorer.forget()
        joint = explorer.result(key)
    if joint.scopes:
        raise AssertionError(f"choices left open: {sorted(s.path for s in joint.scopes)}")
    models = [(outcomes[0].value, node) for outcomes, ways in joint.items() for _, node in ways]
    if program.open_clauses:
        groups = _trained(models, trainings(program, explorer))
    else:
        alike = Trained(program.clauses)
        groups = [(Group(made.out, made.named, made.values, alike), node) for made, node in models]
    bits = sum(node.count for _, node in groups).bit_length()
    if bits * log10(2) > explorer.bounds.digits:
        raise Unexplorable(_too_many(int(bits * log10(2)), explorer.bounds.digits))
    return groups


def trainings(program: Program, explorer: Explorer) -> list[tuple[Trained, Node]]:
    """The ways to train a design, each with the choices that lead to it. They are explored apart
    from the model, which is the same whatever they are."""
    unit = Unit(lambda takes, run: Value(Trained(program.clauses_of(run))), frozenset())
    joint = explorer.result(_alone(unit))
    return [(outcomes[0].value, node) for outcomes, ways in joint.items() for _, node in ways]


def _trained(
    models: list[tuple[Made, Node]], ways: list[tuple[Trained, Node]]
) -> list[tuple[Group, Node]]:
    """Each way to train with each model, whose diagrams they share: training has no amounts."""
    return [
        (
            Group(made.out, made.named, made.values, trained),
            Product((), (Part(training, times=0), Part(node)), _zero(node)),
        )
        for trained, training in ways
        for made, node in models
    ]


def _zero(node: Node) -> tuple[int, ...]:
    return ZERO[: amounts_of(node)]


def _alone(unit: Unit) -> Key:
    return Key(((unit, None),), (1,), frozenset())


def _too_many(digits: int, most: int) -> Diagnostic:
    return Diagnostic(
        "E608",
        f"the space has some 10^{digits:,} designs: that is more than can be told of",
        needed=f"fewer than 10^{most:,} designs",
        help=raising("digits"),
    )


def _whole(program: Program, run: SpaceRun) -> Whole:
    values = program.values(run)
    node = run.model(program.model, Frame(dict(values), "", 0, 0), program.input, _rest(program))
    _refuse_wrong_output(program, node.out)
    frame = Frame(values, "", 0, 0)
    for need in _left(program):
        if run.explorer.holds(need):
            run.hold(need, frame)
    names = sorted(_names_of_costs(program) & values.keys())
    read = [(name, run.value(Variable(name, program.span), frame)) for name in names]
    return Whole(node, program.input, tuple(read))


def _left(program: Program) -> list[Requirement]:
    """The requirements over values that no let decides."""
    early = {need for decided in program.decided for need in decided.needs}
    return [need for need in program.requirements if not need.measures and need not in early]


def _names_of_costs(program: Program) -> frozenset[str]:
    """The names that requirements over costs read."""
    free = [need.condition.free for need in program.requirements if need.measures]
    return frozenset().union(*free)


def _rest(program: Program) -> frozenset[str]:
    """The names that are read beside the model: by requirements, and by lets that are layers,
    whose choices are made once for the whole model."""
    late = [*_left(program), *(need for need in program.requirements if need.measures)]
    conditions = [need.condition.free for need in late]
    layers = [thing.free for _, thing in program.lets if not is_value(thing)]
    return frozenset().union(*conditions, *layers)


def _refuse_wrong_output(program: Program, out: Any) -> None:
    task = program.clauses.task
    wrong = task.check(out, program.clauses.data) if task is not None else None
    if wrong is not None:
        where = program.model.result.span
        raise SpecError(Diagnostic(wrong.code, wrong.message, where, needed=wrong.needed))
