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
REPORTER = "%reporter"  # and the one that tells what was reported under a name
TRAINED = ("accuracy", "loss")  # what is reported so often that it needs no `metric(…)`


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


class Reported(Scalar):
    """``accuracy``, ``loss`` or ``metric(f1)``: what training a design, or whatever evaluates it,
    reports under a name."""

    __slots__ = ("name",)

    def __init__(self, name: str, span: Span) -> None:
        super().__init__(span)
        self.name = name

    def value(self, frame: Frame, run: Run) -> Any:
        reporter: Callable[[str], Any] = frame.env[REPORTER]
        return reporter(self.name)


def reported_in(scalar: Scalar) -> list[str]:
    """The names of what a value expression takes from reports, in order."""
    if isinstance(scalar, Reported):
        return [scalar.name]
    return [name for part in _parts(scalar) for name in reported_in(part)]


def known_after_training(span: Span) -> Diagnostic:
    """The finding for a reported metric in a requirement."""
    return Diagnostic(
        "E435",
        f"`{span.text}` is known once a design is trained, and a requirement is held before",
        span,
        needed="metrics that a design has by itself, such as `params` or `latency(t4)`",
        help="a search makes it as good as can be: `maximize` or `minimize` it",
    )


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
    return [measure for part in _parts(scalar) for measure in measures_in(part)]


def _parts(scalar: Scalar) -> Sequence[Scalar]:
    """The value expressions inside one."""
    if isinstance(scalar, Arithmetic):
        return (scalar.left, scalar.right)
    if isinstance(scalar, Function):
        return scalar.arguments
    if isinstance(scalar, Negative):
        return (scalar.operand,)
    if isinstance(scalar, Conditional):
        return (scalar.condition, scalar.yes, scalar.no)
    return ()
