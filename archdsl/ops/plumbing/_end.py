"""What taking one end of an axis shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from archdsl.ops.base import Op, OpError, Spelling, Trait, declare
from archdsl.ops.parameters import word
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.plumbing._named import AXES, dim, names, place, without
from archdsl.ops.reads import OWN, Axis, Reads, Taken
from archdsl.types import Image, Sequence, TensorType, Volume, shape

_KINDS = (Sequence, Image, Volume)


@dataclass(frozen=True)
class End(Op):
    """One place of an axis, which ends there. ``end`` is its number in Python."""

    axis: str = word(*AXES, default="length")

    traits = frozenset({Trait.VIEW, Trait.AFFINE})
    end: ClassVar[int]

    def __post_init__(self) -> None:
        if self.axis != "length":
            declare(self, traits=End.traits)

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, _KINDS) or (self.axis == "length" and not isinstance(x, Sequence)):
            raise self._not_of(x)
        at = place(self.word(), self.axis, x)
        out = without(x, at)
        if out is None:
            raise OpError(
                f"{self.word()} of the channels leaves rows and columns without channels",
                needed="an axis of positions",
                help=self._one_channel(x),
                argument="axis",
            )
        return out

    def _not_of(self, x: TensorType) -> OpError:
        if isinstance(x, (Image, Volume)):
            help = f"{self.word()}(axis={names(x)[1]}) takes one along another axis"
            return wrong_kind(self.word(), x, (Sequence,), help=help)
        return wrong_kind(self.word(), x, (Sequence,))

    def _one_channel(self, x: TensorType) -> str:
        count = shape(x)[0]
        bounds = "0, 1" if self.end == 0 else f"{count - 1}"
        return f"slice({bounds}) keeps one channel"

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        at = place(self.word(), self.axis, x)
        size = shape(x)[at]
        taken = Axis(None, Taken(self.end % size))
        left = [k for k in range(len(names(x))) if k != at]
        if isinstance(x, Image):
            left.reverse()  # a sequence has its features last
        return (
            Reads(
                tuple(taken if k == at else Axis(left.index(k), OWN) for k in range(len(names(x))))
            ),
        )

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        at = dim(place(self.word(), self.axis, x), x)
        before = "..., " if at == -1 else ":, " * at
        turned = ".transpose(1, 2)" if isinstance(x, Image) else ""
        return Spelling(function=f"{{x}}[{before}{self.end}]{turned}")
