"""A tensor in equal parts."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, Spelling, Synonyms, Trait
from archdsl.ops.parameters import whole, word
from archdsl.ops.plumbing._kinds import FEATURES, undivided, wrong_kind
from archdsl.ops.plumbing._named import AXES, dim, names, place, with_size
from archdsl.ops.plumbing.slice import Slice
from archdsl.ops.reads import OWN, Axis, Reads, Taken
from archdsl.types import Outputs, TensorType, shape


@dataclass(frozen=True)
class Chunk(Op):
    """Several equal parts of what flows in, one after another along the channels or features, or
    along another axis: C×H×W → count results of C/count×H×W. slice takes one part alone.
    PyTorch: torch.chunk.

    Errors: a count that does not divide the axis; an axis that the input lacks.
    """

    count: int = whole(minimum=2, maximum=1024)
    axis: str = word(*AXES, default="channels")

    traits = frozenset({Trait.VIEW, Trait.AFFINE})
    example = "conv(8, 3) -> chunk(2)"
    synonyms = Synonyms(
        torch=("split", "tensor_split", "unbind"),
        others=("unstack",),
        arguments={"chunks": "count", "dim": ""},
        takes=("count",),
    )

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("chunk", x)
        at = self._place(x)
        size = shape(x)[at]
        if size % self.count:
            raise undivided("count", self.count, size, self.axis)
        return Outputs((with_size(x, at, size // self.count),) * self.count)

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        """Of the first part; the others are read apart."""
        (x,) = inputs
        at = self._place(x)
        return (Reads(tuple(Axis(k, Taken(0) if k == at else OWN) for k in range(len(names(x))))),)

    def apart(self, *inputs: TensorType) -> tuple[Op, ...]:
        (x,) = inputs
        size = shape(x)[self._place(x)] // self.count
        axis = "channels" if self.axis == "features" else self.axis
        return tuple(Slice(n * size, (n + 1) * size, axis=axis) for n in range(self.count))

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        values = {"count": self.count, "dim": dim(self._place(x), x)}
        return Spelling(function="{x}.chunk({count}, dim={dim})", values=values)

    def _place(self, x: TensorType) -> int:
        return place("chunk", self.axis, x)
