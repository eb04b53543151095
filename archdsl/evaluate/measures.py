"""Metrics in a ``require``, ``maximize`` or ``minimize``: resolved here, measured elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic
from archdsl.evaluate.scalars import Arithmetic, Conditional, Function, Negative, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archdsl.evaluate.frames import Frame
    from archdsl.evaluate.run import Run
    from archdsl.source import Span
    from archdsl.syntax import nodes as ast

METER = "%meter"  # where a frame holds the function that measures; no name of a spec is like it


class Measure(Scalar):
    """``params`` or ``memory(training, batch=8)``."""

    __slots__ = ("arguments", "name")

    def __init__(self, name: str, arguments: tuple[ast.Argument, ...], span: Span) -> None:
        super().__init__(span)
        self.name = name
        self.arguments = arguments

    def value(self, frame: Frame, run: Run) -> Any:
        meter: Callable[[Measure], Any] = frame.env[METER]
        return meter(self)


def misplaced(word: str, span: Span) -> Diagnostic:
    """The finding for a metric where designs are still being made."""
    return Diagnostic(
        "E433",
        f"`{word}` is measured of a whole design, and here the design is being made",
        span,
        needed="a value known before: a number, a size such as `x.channels`, a choice",
        help="metrics are read in the `arch`, beside `data` and `task`: "
        f"in `require {span.text} …`, `minimize` and `maximize`",
    )


def measures_in(scalar: Scalar) -> list[Measure]:
    """The metrics inside a value expression, in order."""
    if isinstance(scalar, Measure):
        return [scalar]
    parts: Sequence[Scalar] = ()
    if isinstance(scalar, Arithmetic):
        parts = (scalar.left, scalar.right)
    elif isinstance(scalar, Function):
        parts = scalar.arguments
    elif isinstance(scalar, Negative):
        parts = (scalar.operand,)
    elif isinstance(scalar, Conditional):
        parts = (scalar.condition, scalar.yes, scalar.no)
    return [measure for part in parts for measure in measures_in(part)]
