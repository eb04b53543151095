"""The sum of branches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archdsl.ops.base import Branches, Op, Spelling, Synonyms, Trait
from archdsl.ops.merge._alike import check_features, unequal
from archdsl.ops.merge._gating import indexed, reads_stretched
from archdsl.ops.plumbing._kinds import GRIDS
from archdsl.types import Vector, channels

if TYPE_CHECKING:
    from archdsl.ops.reads import Reads
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Add(Op):
    """The sum of what its branches give, all of one shape: a + b + … (the skip connection of He et
    al. 2015). A C vector beside a sequence, an image or a volume of C channels is added at each
    position. PyTorch: the operator +.

    Errors: branches of unequal shapes; the help names a layer that would bring them together.
    """

    traits = frozenset({Trait.MERGE, Trait.ADDITIVE, Trait.ELEMENTWISE, Trait.AFFINE})
    branches = Branches(variadic=True, minimum=2, with_flow=False)
    example = "add(identity, conv(3, 3))"
    synonyms = Synonyms(torch=("sum",), keras=("Add",), others=("plus",))

    def infer(self, *inputs: TensorType) -> TensorType:
        whole = _whole(inputs)
        at_each = Vector(channels(whole)) if isinstance(whole, GRIDS) else whole
        if any(x not in (whole, at_each) for x in inputs):
            raise unequal("add", inputs)
        check_features("add", inputs[:1])
        return whole

    def agreement(self, tensor: TensorType) -> Any:
        return channels(tensor) if isinstance(tensor, (Vector, *GRIDS)) else tensor

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        whole = _whole(inputs)
        return tuple(reads_stretched(x, whole, source) for source, x in enumerate(inputs))

    def spelling(self, *inputs: TensorType) -> Spelling:
        whole = _whole(inputs)
        terms = [f"{{{index}}}{indexed(x, whole)}" for index, x in enumerate(inputs)]
        return Spelling(function=" + ".join(terms), precedence="sum")


def _whole(inputs: tuple[TensorType, ...]) -> TensorType:
    """The first that has positions, or the first of all."""
    return next((x for x in inputs if isinstance(x, GRIDS)), inputs[0])
