"""A block as a spec declares it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import SpecError
from archdsl.evaluate.body import Body

if TYPE_CHECKING:
    from archdsl.evaluate.layers import Thing
    from archdsl.syntax import nodes as ast


class BlockDefinition:
    """A block as declared; its body is resolved when it is first called."""

    def __init__(self, node: ast.Block) -> None:
        self.node = node
        self.parameter_names = tuple(p.name.id for p in node.parameters)
        self.required = frozenset(p.name.id for p in node.parameters if p.default is None)
        self.body = Body(node.name.id, node.shared, node.body.braced, node.span)
        self.body.parameters = self.parameter_names
        self.defaults: dict[str, Thing] = {}

    def default(self, name: str) -> Thing:
        """What a parameter left out is. Raises when it was refused: that finding is on record."""
        if name not in self.defaults:
            raise SpecError
        return self.defaults[name]
