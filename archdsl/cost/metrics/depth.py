"""``depth``"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archdsl.cost.metric import Metric
from archdsl.cost.paths import Paths
from archdsl.ops.base import Trait

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.graph.nodes import OpNode
    from archdsl.types import TensorType


class WeightedLayers(Paths):
    """A path has as many as ops with a learned matrix or kernel."""

    synonyms = ("layers", "num_layers")

    @property
    def start(self) -> int:
        return 0

    def step(self, node: OpNode) -> int:
        return int(Trait.WEIGHTED in node.op.traits)

    def after(self, later: int, earlier: int) -> int:
        return later + earlier

    def either(self, one: int, other: int) -> int:
        return max(one, other)

    def read(self, takes: TensorType, value: int) -> int:
        return value


@dataclass(frozen=True)
class Depth(Metric):
    """Weighted layers on the longest path."""

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (WeightedLayers(),)

    def value(self, *totals: tuple[int, ...]) -> int:
        ((layers,),) = totals
        return layers
