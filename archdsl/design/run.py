"""One evaluation of one design: who answers the choices, what was asked, what may be spent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archdsl.design.bounds import DEFAULT, Bounds
from archdsl.diagnostics import Diagnostic, SpecError

if TYPE_CHECKING:
    from archdsl.source import Span


class BoundMet(SpecError):
    """An evaluation took more than it may: nothing is known of the design, trying more is idle."""


class Point:
    """A choice point as it stands in the source: ``labels`` name its options, in order."""

    __slots__ = ("labels", "size", "span")

    def __init__(self, labels: tuple[Any, ...], span: Span) -> None:
        self.labels = labels
        self.size = len(labels)
        self.span = span


Chooser = Callable[[str, Point], int]


class Run:
    """Answers each choice once, by path, and keeps the order in which they were asked."""

    __slots__ = ("answers", "asked", "bodies", "bounds", "chooser")

    def __init__(self, chooser: Chooser, bounds: Bounds = DEFAULT) -> None:
        self.chooser = chooser
        self.bounds = bounds
        self.answers: dict[str, int] = {}
        self.asked: list[tuple[str, Point, int]] = []
        self.bodies = 0

    def ask(self, path: str, point: Point) -> int:
        """The option taken at a path."""
        answer = self.answers.get(path)
        if answer is None:
            answer = self.chooser(path, point)
            self.answers[path] = answer
        self.asked.append((path, point, answer))
        return answer

    def spend_body(self, depth: int, span: Span) -> None:
        """Account for one block body. Raises when calls nest too deep or there are too many."""
        self.bodies += 1
        if depth > self.bounds.calls:
            raise SpecError(_too_deep(self.bounds.calls, span))
        if self.bodies > self.bounds.bodies:
            raise BoundMet(_too_much(self.bounds.bodies, span))


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
