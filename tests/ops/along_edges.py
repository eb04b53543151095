"""Graph ops as a test runs them: edges and graphs by name, where a model says what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from archdsl.ops.base import Op, Spelling
    from archdsl.types import TensorType

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
