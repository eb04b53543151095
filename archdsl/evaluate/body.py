"""The body of a block or a model, and how it is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.frames import Closure, Frame, Tensor
from archdsl.evaluate.layers import Either, Layer, Thing
from archdsl.evaluate.requirements import Requirement, hold
from archdsl.graph import build
from archdsl.graph.nodes import Binding, Fragment

if TYPE_CHECKING:
    from archdsl.evaluate.run import Run
    from archdsl.source import Span
    from archdsl.types import TensorType


Held = tuple[tuple[str, Requirement], ...]  # requirements, each with the let that it is before


class Body:
    """A block, or the model: parameters, lets and a result, resolved when first needed."""

    __slots__ = (
        "braced",
        "lets",
        "name",
        "parameters",
        "requirements",
        "result",
        "shared",
        "span",
    )

    def __init__(self, name: str, shared: bool, braced: bool, span: Span) -> None:
        self.name = name
        self.shared = shared
        self.braced = braced
        self.span = span
        self.parameters: tuple[str, ...] = ()
        self.lets: tuple[tuple[str, Thing, Span], ...] = ()
        self.requirements: Held = ()
        self.result: Thing

    def evaluate(self, frame: Frame, takes: TensorType, run: Run) -> Fragment:
        """The body applied to an input type; ``frame.env`` holds its arguments."""
        run.spend_body(frame.depth, self.span)
        given = frame.env
        env = frame.env = {**given, "x": Tensor(takes)}
        bindings: list[Binding] = []
        held = self.requirements
        for name, thing, span in self.lets:
            if held:
                held = self._hold(held, name, frame, run)
            settled = thing.settled(frame) if isinstance(thing, Either) else thing
            if isinstance(settled, Layer):
                node = run.apply(settled, frame, takes)
                bindings.append(Binding(name, node, span))
                env[name] = Tensor(node.out, node)
            else:
                env[name] = settled.value(frame, run)
        if held:
            self._hold(held, "", frame, run)
        result = run.apply(self.settled_result(frame), frame, takes)
        values = tuple((n, given[n]) for n in self.parameters if type(given[n]) is not Closure)
        made = build.fragment(self.name, values, takes, bindings, result, self.span, self.braced)
        if made.size > run.bounds.nodes:
            raise SpecError(_too_large(self.name, run.bounds.nodes, self.span))
        return made

    def _hold(self, held: Held, before: str, frame: Frame, run: Run) -> Held:
        """Hold the requirements that stand before a let (``""``: before the result). Gives the
        others, which stand later."""
        for let, requirement in held:
            if let == before:
                hold(requirement, frame, run)
        return tuple(one for one in held if one[0] != before)

    def settled_result(self, frame: Frame) -> Layer:
        """The result as a layer. Raises when a parameter made it a value."""
        result = self.result
        settled = result.settled(frame) if isinstance(result, Either) else result
        if isinstance(settled, Layer):
            return settled
        raise SpecError(
            Diagnostic(
                "E211",
                f"`{self.name}` gives a value here, not a layer",
                settled.span,
                needed="a layer, such as `conv(64, 3) -> relu`",
            )
        )


def _too_large(name: str, limit: int, span: Span) -> Diagnostic:
    return Diagnostic(
        "E605",
        f"`{name}` comes to more than {limit} ops",
        span,
        needed=f"a model of at most {limit} ops (raise the bound with --bound nodes=…)",
    )
