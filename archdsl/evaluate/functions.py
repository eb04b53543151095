"""Functions of values that a spec declares, applied to arguments.

A function chooses nothing: its arguments may be choices, made where it is called. So it has one
value for the values it is given, whatever a design is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Diagnostic, Label, SpecError
from archdsl.evaluate.bounds import nested_too_deep
from archdsl.evaluate.frames import Closure, Frame, Tensor
from archdsl.evaluate.requirements import insist
from archdsl.evaluate.scalars import NOTHING, Scalar, beside

if TYPE_CHECKING:
    from collections.abc import Set

    from archdsl.evaluate.requirements import Requirement
    from archdsl.evaluate.run import Run
    from archdsl.source import Span

HOME = -1  # of frames in which a function is worked out: there are no tensors


class FunctionBody:
    """What a function computes: its lets, what it requires, its result; resolved before it is
    first called."""

    __slots__ = ("defaults", "lets", "name", "requirements", "result", "span")

    def __init__(self, name: str, span: Span) -> None:
        self.name = name
        self.span = span
        self.defaults: dict[str, Scalar] = {}
        self.lets: tuple[tuple[str, Scalar], ...] = ()
        self.requirements: tuple[tuple[int, Requirement], ...] = ()  # and the lets before each
        self.result: Scalar

    def value(self, frame: Frame, run: Run) -> Any:
        """The result, in a frame that binds the parameters."""
        for index, (name, scalar) in enumerate(self.lets):
            self._hold(index, frame, run)
            frame.env[name] = run.value(scalar, frame, NOTHING)
        self._hold(len(self.lets), frame, run)
        return run.value(self.result, frame, NOTHING)

    def _hold(self, place: int, frame: Frame, run: Run) -> None:
        for lets_before, requirement in self.requirements:
            if lets_before == place:
                insist(requirement, frame, run)


class FunctionCall(Scalar):
    """A function of the spec with its arguments, None for those that are left out."""

    __slots__ = ("arguments", "beside", "body")

    def __init__(
        self,
        body: FunctionBody,
        arguments: tuple[tuple[str, Scalar | None], ...],
        span: Span,
    ) -> None:
        given = [one for _, one in arguments if one is not None]
        super().__init__(span, NOTHING.union(*(one.free for one in given)))
        self.body = body
        self.arguments = arguments
        rest = iter(beside(given))
        self.beside: tuple[Set[str], ...] = tuple(
            NOTHING if one is None else next(rest) for _, one in arguments
        )

    def value(self, frame: Frame, run: Run) -> Any:
        run.effort += 1
        if run.effort > run.bounds.effort:
            raise run.too_much(self.span)
        depth = frame.depth + 1 if frame.home == HOME else 1
        if depth > run.bounds.calls:
            what, end = f"calls of `{self.body.name}` nest", "when(n == 0, …, else=…)"
            raise SpecError(nested_too_deep(what, end, run.bounds.calls, self.span))
        inner = Frame({}, frame.path, depth, HOME)
        for (name, given), rest in zip(self.arguments, self.beside, strict=True):
            inner.env[name] = self._argument(name, given, rest, frame, inner, run)
        try:
            return self.body.value(inner, run)
        except SpecError as error:
            label = Label(self.span, f"in this call of `{self.body.name}`")
            deepest = any(found.code == "E601" for found in error.diagnostics)
            if deepest or not error.diagnostics:  # one call tells as much as all of them
                raise
            raise type(error)(*(found.through(label) for found in error.diagnostics)) from None

    def _argument(
        self,
        name: str,
        given: Scalar | None,
        rest: Set[str],
        frame: Frame,
        inner: Frame,
        run: Run,
    ) -> Any:
        if given is None:
            return run.value(self.body.defaults[name], inner, NOTHING)
        found = run.value(given, frame, rest)
        if isinstance(found, (Closure, Tensor)):
            raise SpecError(takes_values(self.body.name, given.span))
        return found


def takes_values(name: str, span: Span) -> Diagnostic:
    """The finding for a layer that is handed to a function."""
    return Diagnostic(
        "E210",
        f"`{name}` is a function of values, and this is a layer",
        span,
        needed="a number, a list or another value",
        help="what takes layers is a `block`",
    )
