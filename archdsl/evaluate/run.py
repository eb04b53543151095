"""One evaluation of one design: who answers the choices, what was asked, what may be spent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.bounds import DEFAULT, Bounds
from archdsl.evaluate.points import ChoicePoint

if TYPE_CHECKING:
    from archdsl.evaluate.frames import Applicable, Frame
    from archdsl.graph.nodes import Node
    from archdsl.source import Span
    from archdsl.types import TensorType


OTHER_OPTIONS = "E506"


__all__ = ["Answer", "BoundMet", "ChoicePoint", "Chooser", "Run", "other_options"]


class BoundMet(SpecError):
    """An evaluation took more than it may: nothing is known of the design, trying more is idle."""


Chooser = Callable[[str, ChoicePoint], Any]
Answer = tuple[str, ChoicePoint, Any]  # a path, the point met there, and the answer to it


class Run:
    """Answers each choice once, by path, and keeps the order in which they were asked.

    ``unmet`` collects the requirements inside bodies that do not hold; a run with
    ``strict_requires`` refuses the design instead.
    """

    __slots__ = ("answers", "asked", "bodies", "bounds", "chooser", "unmet")
    strict_requires = False

    def __init__(self, chooser: Chooser, bounds: Bounds = DEFAULT) -> None:
        self.chooser = chooser
        self.bounds = bounds
        self.answers: dict[str, Answer] = {}
        self.asked: list[Answer] = []
        self.bodies = 0
        self.unmet: list[Diagnostic] = []

    def ask(self, path: str, point: ChoicePoint) -> Any:
        """The answer at a path: the index of an option, or the number of a continuous choice.

        Raises :class:`SpecError` when the choice was met before with other options: then one
        answer would mean two things.
        """
        answer = self.answers.get(path)
        if answer is None:
            answer = self.answers[path] = (path, point, self.chooser(path, point))
        elif answer[1] is not point and answer[1].labels != point.labels:
            raise other_options(path, answer[1], point)
        self.asked.append(answer)
        return answer[2]

    def apply(self, layer: Applicable, frame: Frame, takes: TensorType) -> Node:
        """A layer inside another, applied to what flows in. Layers apply their parts through
        this alone, so that a run over all designs can take each part by itself."""
        return layer.apply(frame, takes, self)

    def spend_body(self, depth: int, span: Span) -> None:
        """Account for one block body. Raises when calls nest too deep or there are too many."""
        self.bodies += 1
        if depth > self.bounds.calls:
            raise SpecError(_too_deep(self.bounds.calls, span))
        if self.bodies > self.bounds.bodies:
            raise BoundMet(_too_much(self.bounds.bodies, span))


def other_options(path: str, before: ChoicePoint, here: ChoicePoint) -> SpecError:
    """What is wrong where a choice that was met ``before`` has other options ``here``."""
    found = f"has {before.size} options before and {here.size} here"
    if before.size == here.size:
        found = f"is {before.offered()} before and {here.offered()} here"
    return SpecError(
        Diagnostic(
            OTHER_OPTIONS,
            f"`{path[1:]}` is chosen once, and {found}",
            here.span,
            needed="the same options at each place that one choice is made for",
            help="copies that choose for themselves: `each(i = 1 to n, …)` instead of `n * …`, "
            "a `block` that is not `shared`",
        )
    )


def _too_deep(limit: int, span: Span) -> Diagnostic:
    return Diagnostic(
        "E601",
        f"blocks call each other more than {limit} deep",
        span,
        needed="a recursion whose arguments end it",
        help="let a `when` stop the recursion, for instance `when(depth > 0, …)`",
    )


def _too_much(limit: int, span: Span) -> Diagnostic:
    return Diagnostic(
        "E602",
        f"the model evaluates more than {limit} different block bodies",
        span,
        needed=f"at most {limit} (raise the bound with --bound bodies=…)",
    )
