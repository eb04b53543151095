"""Positions moved round."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, OpError, Spelling, Synonyms, Trait
from archdsl.ops.parameters import extent, word
from archdsl.ops.plumbing._axes import spread
from archdsl.ops.plumbing._kinds import FEATURES, GRIDS, wrong_kind
from archdsl.ops.plumbing._named import AXES, dim, names, place
from archdsl.ops.reads import OWN, Axis, Copied, Reads
from archdsl.types import TensorType, spatial


@dataclass(frozen=True)
class Roll(Op):
    """Moves all positions on by so many places; what leaves at one end comes in at the other. The
    shape is kept. roll(size(1, 2)) moves rows by 1 and columns by 2, roll(-3) all axes of
    positions back by 3, roll(1, axis=width) one axis alone. PyTorch: torch.roll.

    Errors: another number of sizes than there are axes of positions; an axis that the input lacks.
    """

    by: int | tuple[int, ...] = extent(minimum=None)
    axis: str | None = word(*AXES, default=None)

    traits = frozenset({Trait.AFFINE})
    example = "roll(size(1, 2))"
    synonyms = Synonyms(arguments={"shifts": "by", "dims": ""}, takes=("by",))

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        kinds = GRIDS if self.axis is None else FEATURES
        if not isinstance(x, kinds):
            raise wrong_kind("roll", x, kinds)
        self._shifts(x)
        return x

    def _shifts(self, x: TensorType) -> dict[int, int]:
        """By how much each axis is moved."""
        if self.axis is None:
            along = [k for k, name in enumerate(names(x)) if name != "channels"]
            return dict(zip(along, spread("by", self.by, len(spatial(x))), strict=True))
        if not isinstance(self.by, int):
            raise OpError(
                "one axis is moved, and several sizes are given",
                needed="a whole number",
                argument="by",
            )
        return {place("roll", self.axis, x): self.by}

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        moved = self._shifts(x)
        along = [Copied(moved[k], "circular") if k in moved else OWN for k in range(len(names(x)))]
        return (Reads(tuple(Axis(k, one) for k, one in enumerate(along))),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        moved = self._shifts(x)
        shifts, dims = tuple(moved.values()), tuple(dim(at, x) for at in moved)
        if len(moved) == 1:
            values: dict[str, int | tuple[int, ...]] = {"shifts": shifts[0], "dims": dims[0]}
        else:
            values = {"shifts": shifts, "dims": dims}
        return Spelling(function="{x}.roll({shifts}, dims={dims})", values=values)
