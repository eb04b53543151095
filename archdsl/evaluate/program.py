"""An ``arch`` resolved: a space of designs that can be evaluated one at a time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds, Effort
from archdsl.evaluate.frames import Closure, Frame
from archdsl.evaluate.layers import Either, Layer, Module, is_value
from archdsl.evaluate.requirements import decided_by
from archdsl.evaluate.run import Answer, BoundMet, Chooser, Run
from archdsl.evaluate.scalars import NOTHING, beside
from archdsl.graph.nodes import Graph
from archdsl.types import inputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.evaluate.body import Body
    from archdsl.evaluate.layers import Thing
    from archdsl.evaluate.open_clauses import Open
    from archdsl.evaluate.requirements import Decided, Requirement
    from archdsl.evaluate.scalars import Scalar
    from archdsl.source import Span
    from archdsl.spec.data import Data
    from archdsl.spec.device import Device
    from archdsl.spec.key_map import KeyMap
    from archdsl.spec.search import Search
    from archdsl.spec.task import Task
    from archdsl.spec.train import Train
    from archdsl.syntax import nodes as ast
    from archdsl.types import TensorType


CLAUSE = 20  # values that one clause is as much effort as


class Clauses(NamedTuple):
    """The clauses of an ``arch`` other than its lets and its model; ``calls`` are those with
    arguments as they are written, by keyword; ``weights`` how those of others are called."""

    data: Data
    task: Task | None
    train: Train | None
    search: Search | None
    allows: tuple[ast.Allow, ...]
    calls: Mapping[str, ast.Call]
    weights: tuple[KeyMap, ...] = ()


class Objective(NamedTuple):
    direction: str
    metric: Scalar
    span: Span


class Evaluation(NamedTuple):
    """One design evaluated: its graph, the values of its lets, the choices it took, and its
    clauses; ``unmet`` are the requirements inside its blocks and its model that it does not
    meet."""

    graph: Graph
    values: dict[str, Any]
    asked: list[Answer]
    clauses: Clauses
    unmet: tuple[Diagnostic, ...] = ()


class Program:
    """One ``arch``: evaluate it with anything that answers its choices.

    ``clauses`` are those of the design that takes first options; ``open_clauses`` holds, by
    keyword, those that a design chooses something in. Sizes, task and devices are the same for
    all designs; how one is augmented and trained is asked of its evaluation.

    Block calls are remembered across evaluations, so that a search pays for what is new only.
    """

    def __init__(
        self,
        name: str,
        clauses: Clauses,
        constants: dict[str, Any],
        lets: tuple[tuple[str, Thing], ...],
        model: Body,
        span: Span,
    ) -> None:
        self.name = name
        self.clauses = clauses
        self.constants = constants
        self.lets = lets
        self.model = model
        self.span = span
        self.requirements: tuple[Requirement, ...] = ()
        self.objectives: tuple[Objective, ...] = ()
        self.doc = ""
        self.devices: dict[str, Device] = {}
        self.open_clauses: Mapping[str, Open] = {}
        self.input: TensorType = clauses.data.tensor()
        self.inputs: tuple[str, ...] = tuple(inputs(self.input))  # their names in the model

    def evaluate(
        self, chooser: Chooser, bounds: Bounds = DEFAULT, effort: Effort | None = None
    ) -> Evaluation:
        """The graph of the design that the chooser's answers make; what that takes is added to the
        ``effort``.

        Raises :class:`SpecError` when that design is not well formed; what it does not meet of
        the requirements inside bodies is told first.
        """
        run = Run(chooser, bounds)
        try:
            return self.evaluated(run)
        finally:
            if effort is not None:
                effort.spent += run.effort

    def evaluated(self, run: Run) -> Evaluation:
        """The graph of the design that a run's answers make. Raises :class:`SpecError` like
        :meth:`evaluate`."""
        try:
            clauses = self.clauses_of(run)
            values = self.values(run)
            model = run.model(self.model, Frame(dict(values), "", 0, 0), self.input, NOTHING)
        except RecursionError:
            raise SpecError(_too_nested(self.span)) from None
        except SpecError as error:
            if run.unmet:  # they may well say why the rest does not fit together
                raise type(error)(*run.unmet, *error.diagnostics) from None
            raise
        unmet = tuple(dict.fromkeys(run.unmet))
        return Evaluation(
            Graph(self.name, model, self.doc, self), values, run.asked, clauses, unmet
        )

    def attempt(
        self, chooser: Chooser, bounds: Bounds = DEFAULT, effort: Effort | None = None
    ) -> Evaluation | SpecError:
        """The design that the chooser's answers make, or what is wrong with it.

        Raises :class:`~archdsl.evaluate.run.BoundMet` where evaluating it takes too much.
        """
        try:
            return self.evaluate(chooser, bounds, effort)
        except BoundMet:
            raise
        except SpecError as error:
            return error

    def clauses_of(self, run: Run) -> Clauses:
        """The clauses of the design that the run's answers make."""
        if not self.open_clauses:
            return self.clauses
        frame = Frame({}, "", 0, 0)
        open_ = self.open_clauses.items()
        run.effort += CLAUSE * len(open_)
        taken = {keyword: one.taken(frame, run) for keyword, one in open_}
        calls = {keyword: one.call for keyword, one in taken.items()}
        clauses: dict[str, Any] = {keyword: one.clause for keyword, one in taken.items()}
        return self.clauses._replace(**clauses, calls={**self.clauses.calls, **calls})

    def values(self, run: Run) -> dict[str, Any]:
        """What the names outside the model are bound to."""
        env = dict(self.constants)
        known = zip(self.lets, self._private, self.decided, strict=True)
        for (name, thing), private, decided in known:
            frame = Frame(env, f".{name}", 0, 0)
            settled = thing.settled(frame) if isinstance(thing, Either) else thing
            if type(settled) is Module:
                env[name] = run.make(settled, frame)
            elif isinstance(settled, Layer):
                env[name] = Closure(settled, frame, f".{name}")
            else:
                frame.path = ""
                env[name] = run.bind(settled, frame, private, decided)
        return env

    @cached_property
    def decided(self) -> tuple[Decided, ...]:
        """For each let, the requirements over values that can be decided when it is bound."""
        return decided_by([(name, is_value(t)) for name, t in self.lets], self.requirements)

    @cached_property
    def _private(self) -> list[frozenset[str]]:
        """For each let, the names of others that it alone reads."""
        things = [thing for _, thing in self.lets]
        conditions = [requirement.condition for requirement in self.requirements]
        rest = beside([*things, self.model, *conditions])
        names = {name for name, _ in self.lets}
        return [(t.free & names) - free for t, free in zip(things, rest, strict=False)]


def _too_nested(span: Span) -> Diagnostic:
    return Diagnostic(
        "E601",
        "the blocks of this model nest too deep to evaluate",
        span,
        needed="fewer blocks within blocks within blocks",
    )
