"""Graph ops as a test runs them: edges and graphs by name, where a model says what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from tests.ops.against_torch import foretold_bytes

if TYPE_CHECKING:
    from archdsl.ops.base import Op, Spelling
    from archdsl.types import Nodes, TensorType
    from tests.ops.against_torch import Built

Given = TypeVar("Given", bound="Op")


def by_name(op: Given) -> Given:
    """The op, its spelling's places for context filled with the context's names."""
    spell = op.spelling

    def spelling(*inputs: TensorType) -> Spelling:
        spelled = spell(*inputs)
        apply, function = spelled.apply, spelled.function
        for name in spelled.context:
            apply = apply.replace(f"{{{name}}}", name)
            function = function and function.replace(f"{{{name}}}", name)
        return replace(spelled, apply=apply, function=function)

    object.__setattr__(op, "spelling", spelling)
    return op


def keeps_what_it_foretold(built: Built, x: Nodes) -> bool:
    """Whether autograd keeps the bytes foretold, of an op for which a node is its own neighbour
    once, whatever the edges say: those from a node to itself are left out of the prediction."""
    built.train(True)
    edges = built._context("edge_index", ())
    loops = int((edges[0] == edges[1]).sum())
    foretold = foretold_bytes(built.op, x._replace(edges=x.edges - loops), batch=1)
    return built.saved_bytes(1) == foretold
