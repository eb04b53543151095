"""Which submodules of the emitted model parts of a spec come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.emit.pytorch.units import Units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.graph.nodes import Graph


def submodules(graph: Graph) -> Mapping[str, list[str]]:
    """The attributes of the model's module, by the let of the model that they are parts of. A let
    that comes to none is left out."""
    return Units(graph, "").made[-1].submodules


def channels_last(graph: Graph) -> frozenset[tuple[str, str]]:
    """The submodules that work with the channels of images as their last axis, each by its class
    and its attribute there: the linear layers in them are 1x1 convolutions of the spec."""
    made = Units(graph, "").made
    return frozenset((unit.name, name) for unit in made for name in unit.channels_last)
