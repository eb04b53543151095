"""Clauses that a design chooses something in: ``train adamw(lr=1e-4 to 1e-2 log, batch=64 | 128)``.

What is chosen there belongs to the design, to its memory and its training, not to its graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.evaluate.memo import LEAVES
from archdsl.evaluate.points import ChoicePoint
from archdsl.spec.bind import made
from archdsl.spec.inputs import together

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.evaluate.frames import Frame
    from archdsl.evaluate.points import Spellings
    from archdsl.evaluate.run import Run
    from archdsl.evaluate.scalars import Scalar
    from archdsl.source import Span
    from archdsl.spec.fields import ClauseModel
    from archdsl.syntax import nodes as ast


class TakenClause(NamedTuple):
    """A clause of one design, and the call that it is written as."""

    clause: Any
    call: ast.Call


class OpenClause:
    """A clause as one call: the ``values`` that are given, and those ``chosen`` by a design."""

    __slots__ = ("call", "chosen", "given", "model", "remembered", "values")

    def __init__(
        self,
        call: ast.Call,
        model: type[ClauseModel],
        given: Mapping[str, ast.Argument],
        values: Mapping[str, Any],
        chosen: Mapping[str, Scalar],
    ) -> None:
        self.call = call
        self.model = model
        self.given = given
        self.values = values
        self.chosen = chosen
        self.remembered: dict[tuple[Any, ...], TakenClause] = {}

    def taken(self, frame: Frame, run: Run) -> TakenClause:
        """The clause of the design that the run's answers make. Raises
        :class:`~archdsl.diagnostics.SpecError` for a value that it does not take."""
        chosen = {name: scalar.value(frame, run) for name, scalar in self.chosen.items()}
        key = tuple(chosen.values())
        found = self.remembered.get(key)
        if found is None:
            if len(self.remembered) > LEAVES:
                self.remembered.clear()
            clause = made(self.call, self.model, self.given, {**self.values, **chosen})
            found = self.remembered[key] = TakenClause(clause, self.call)
        return found


class ClauseChoice:
    """``train sgd(…) | adamw(…)``"""

    __slots__ = ("label", "options", "point")

    def __init__(
        self,
        label: str,
        options: tuple[OpenClause | ClauseChoice, ...],
        labels: tuple[Any, ...],
        spellings: Spellings,
        span: Span,
    ) -> None:
        self.label = label
        self.options = options
        self.point = ChoicePoint(labels, span, spellings)

    def taken(self, frame: Frame, run: Run) -> TakenClause:
        """The clause of the design that the run's answers make."""
        answer: int = run.ask(frame.path + self.label, self.point)
        return self.options[answer].taken(frame, run)


class OpenInputs:
    """Several ``data`` clauses, in some of which a design chooses something."""

    __slots__ = ("names", "parts")

    def __init__(
        self, names: tuple[str, ...], parts: tuple[TakenClause | OpenClause | ClauseChoice, ...]
    ) -> None:
        self.names = names
        self.parts = parts

    def taken(self, frame: Frame, run: Run) -> TakenClause:
        """The inputs of the design that the run's answers make, and the first of their calls."""
        parts = [p if isinstance(p, TakenClause) else p.taken(frame, run) for p in self.parts]
        return TakenClause(together(self.names, tuple(p.clause for p in parts)), parts[0].call)


Open = OpenClause | ClauseChoice | OpenInputs
