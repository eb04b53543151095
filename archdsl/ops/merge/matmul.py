"""The matrix product of two branches."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from archdsl.ops.base import Branches, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import flag
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.plumbing._named import shaped
from archdsl.ops.reads import MIXED, OWN, Axis, Reads, each
from archdsl.types import Image, Sequence, TensorType, Vector, channels, said, shape

_TAKEN = (Sequence, Image, Vector)
_BOTH = Saves(inputs=(0, 1))


@dataclass(frozen=True)
class Matmul(Op):
    """The product of two matrices of each sample: L×K and K×C → L×C of sequences, and of images
    that of each channel, C×H×K and C×K×W → C×H×W. With transposed=true the second one is turned
    first, L×K and M×K → L×M: how well each position matches each other one. Of two vectors it is
    their dot product, K and K → 1: how well the two match.
    MACs: L·K·C, K of vectors. PyTorch: the operator @, torch.matmul.

    Errors: branches of two kinds; sizes that do not match; transposed of vectors.
    """

    transposed: bool = flag(False)

    traits = frozenset({Trait.MERGE, Trait.GATED, Trait.MIXES_POSITIONS})
    branches = Branches(names=("a", "b"), with_flow=False)
    example = "to_sequence -> matmul(linear(8), linear(8), transposed=true)"
    synonyms = Synonyms(
        torch=("bmm", "mm", "baddbmm", "einsum"),
        keras=("Dot", "dot"),
        others=("dot_product", "inner_product", "vecdot"),
    )

    def infer(self, *inputs: TensorType) -> TensorType:
        a, b = inputs
        if not isinstance(a, _TAKEN) or not isinstance(b, _TAKEN):
            odd = b if isinstance(a, _TAKEN) else a
            raise wrong_kind("matmul", odd, _TAKEN)
        if isinstance(a, Vector) or isinstance(b, Vector):
            return self._of_vectors(a, b)
        *many, rows, inner = shape(a)
        *others, first, second = shape(b)
        meets, columns = (second, first) if self.transposed else (first, second)
        if type(a) is not type(b) or many != others or inner != meets:
            raise self._misfit(a, b)
        return shaped(type(a), (*many, rows, columns))

    def _of_vectors(self, a: TensorType, b: TensorType) -> TensorType:
        if a != b:
            size = channels(a if isinstance(a, Vector) else b)
            help = f"reshape({size}, length=1) makes a vector a sequence of one position"
            raise OpError(
                f"matmul cannot multiply {said(a)} by {said(b)}",
                needed="two of one kind, of vectors two of one size",
                help="" if type(a) is type(b) else help,
            )
        if self.transposed:
            raise OpError(
                "transposed=true turns a matrix, and of two vectors matmul is the dot product",
                needed="transposed=false",
                argument="transposed",
                replacement="false",
            )
        return Vector(1)

    def _misfit(self, a: TensorType, b: TensorType) -> OpError:
        turned = shape(a)[-1] == shape(b)[-2 if self.transposed else -1]
        help = "transposed=false" if self.transposed else "transposed=true turns the second"
        side = "columns" if self.transposed else "rows"
        return OpError(
            f"matmul cannot multiply {said(a)} by {said(b)}{' turned' if self.transposed else ''}",
            needed=f"a second one of the same kind with {shape(a)[-1]} {side}",
            help=help if turned and type(a) is type(b) else "",
        )

    def macs(self, *inputs: TensorType) -> int:
        return prod(shape(self.infer(*inputs))) * shape(inputs[0])[-1]

    def saves(self, *inputs: TensorType) -> Saves:
        return _BOTH

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        """A row of the first and a column of the second; of vectors all of both."""
        if isinstance(inputs[0], Vector):
            return tuple(each(x, channels=MIXED, source=k) for k, x in enumerate(inputs))
        axes = len(shape(inputs[0]))
        many = [Axis(k, OWN) for k in range(axes - 2)]
        row, column, mixed = Axis(axes - 2, OWN), Axis(axes - 1, OWN), Axis(None, MIXED)
        second = (column, mixed) if self.transposed else (mixed, column)
        return (Reads((*many, row, mixed)), Reads((*many, *second), source=1))

    def spelling(self, *inputs: TensorType) -> Spelling:
        if isinstance(inputs[0], Vector):
            return Spelling(function="({0}.unsqueeze(1) @ {1}.unsqueeze(2)).squeeze(2)")
        turned = ".mT" if self.transposed else ""
        return Spelling(function=f"{{0}} @ {{1}}{turned}", precedence="product")
