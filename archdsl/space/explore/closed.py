"""Parts of a program that make no choice and read none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archdsl.evaluate.run import Run

if TYPE_CHECKING:
    from archdsl.evaluate.frames import Closure, Pending
    from archdsl.evaluate.run import ChoicePoint
    from archdsl.graph.nodes import Node
    from archdsl.types import TensorType


class Open(Exception):
    """An expression makes a choice, or reads one."""


class _Closed(Run):
    """A run of what neither makes a choice nor reads one."""

    __slots__ = ()

    def read(self, pending: Pending) -> Any:
        raise Open


def _refused(path: str, point: ChoicePoint) -> Any:
    raise Open


def plain(closure: Closure, takes: TensorType) -> Node | None:
    """What a module comes to that makes no choice and reads none; None for others."""
    try:
        here = closure.entered_from(closure.frame, "")
        node: Node = closure.layer.apply(here, takes, _Closed(_refused))
    except Open:
        return None
    return node
