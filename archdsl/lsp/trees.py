"""Going through the syntax tree of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.syntax import nodes as ast

if TYPE_CHECKING:
    from archdsl.lsp.facts import Place

ROWS = ("each", "permute")  # calls whose layers stand in a row


def rows(tree: ast.File) -> list[Place]:
    """The steps of flows that may come to several layers in a row, or to one that stands inside."""
    flows = (node for item in tree.items for node in item.within() if isinstance(node, ast.Flow))
    steps = [step for flow in flows for step in flow.steps if _is_row(step)]
    return [(step.span.start, step.span.end) for step in steps]


def _is_row(step: ast.Expression) -> bool:
    if isinstance(step, ast.Call):
        return step.function.id in ROWS
    return isinstance(step, (ast.Flow, ast.Choice, ast.Binary))
