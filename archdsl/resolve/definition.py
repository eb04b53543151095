"""A block or a function as a spec declares it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, SpecError
from archdsl.evaluate.body import Body
from archdsl.evaluate.functions import FunctionBody

if TYPE_CHECKING:
    from archdsl.evaluate.layers import Thing
    from archdsl.syntax import nodes as ast


class BlockDefinition:
    """A block as declared; its defaults are resolved when it is first called."""

    def __init__(self, node: ast.Block) -> None:
        self.node = node
        self.parameter_names = tuple(p.name.id for p in node.parameters)
        self.required = frozenset(p.name.id for p in node.parameters if p.default is None)
        self.body = Body(node.name.id, node.shared, node.body.braced, node.span)
        self.body.parameters = self.parameter_names
        self.defaults: dict[str, Thing] = {}
        self.reached = False  # whether its defaults are resolved, or being resolved
        self.resolved = False  # whether its defaults are resolved

    def default(self, name: str) -> Thing:
        """What a parameter left out is.

        Raises when it was refused: that finding is on record; and when its default needs itself.
        """
        if name in self.defaults:
            return self.defaults[name]
        raise SpecError if self.resolved else SpecError(_needs_itself(self.node, name))


class FunctionDefinition:
    """A function as declared; ``body`` is resolved with all others, before anything is computed."""

    def __init__(self, node: ast.Function) -> None:
        self.node = node
        self.parameter_names = tuple(p.name.id for p in node.parameters)
        self.required = frozenset(p.name.id for p in node.parameters if p.default is None)
        self.body = FunctionBody(node.name.id, node.span)


def _needs_itself(block: ast.Block, name: str) -> Diagnostic:
    (span,) = (p.default.span for p in block.parameters if p.name.id == name and p.default)
    return Diagnostic(
        "E601",
        f"the default of `{name}` calls `{block.name.id}`, which needs that default",
        span,
        needed=f"a default that leaves `{block.name.id}` alone, or gives it its `{name}`",
    )
