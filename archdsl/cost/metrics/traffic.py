"""``traffic(batch=)``"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from archdsl.cost.compose import Sums
from archdsl.cost.latency import is_half, moved
from archdsl.cost.metric import Linear
from archdsl.ops.base import MOVES_NOTHING
from archdsl.spec.constants import Quantity

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.cost.metric import Setting, Written
    from archdsl.graph.nodes import OpNode


@dataclass(frozen=True, eq=False)
class NumbersMoved(Sums):
    """Numbers that the ops read and write; a view moves none."""

    in_use: ClassVar[bool] = True
    batch: int

    def own(self, node: OpNode) -> int:
        if node.op.traits & MOVES_NOTHING:
            return 0
        return self.batch * moved(node) + node.op.params(*node.inputs)


@dataclass(frozen=True)
class Traffic(Linear):
    """Bytes that a forward pass of a batch reads and writes.

    Each op reads its inputs and its parameters and writes its result, two bytes a number in half
    precision and four otherwise. What caches and fused kernels spare is not taken off.
    """

    batch: int
    precision: str

    is_cost = True
    signature = "traffic(batch=)"
    dimension = "bytes"

    @classmethod
    def bind(cls, written: Written, setting: Setting) -> Traffic:
        return cls(cls.read(written).batch or 1, setting.precision)

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (NumbersMoved(self.batch),)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        return (Fraction(2 if is_half(self.precision) else 4),)

    def of_sum(self, whole: int) -> Quantity:
        return Quantity(whole, "bytes")
