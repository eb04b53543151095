"""The matrix product of two branches."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from archdsl.ops.base import Branches, Op, OpError, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import flag
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.plumbing._named import shaped
from archdsl.ops.reads import MIXED, OWN, Axis, Reads
from archdsl.types import Image, Sequence, TensorType, said, shape

_MATRICES = (Sequence, Image)
_BOTH = Saves(inputs=(0, 1))


@dataclass(frozen=True)
class Matmul(Op):
    """The product of two matrices of each sample: L×K and K×C → L×C of sequences, and of images
    that of each channel, C×H×K and C×K×W → C×H×W. With transposed=true the second one is turned
    first, L×K and M×K → L×M: how well each position matches each other one.
    MACs: L·K·C. PyTorch: the operator @, torch.matmul.

    Errors: branches of two kinds; sizes that do not match.
    """

    transposed: bool = flag(False)

    traits = frozenset({Trait.MERGE, Trait.GATED, Trait.MIXES_POSITIONS})
    branches = Branches(names=("a", "b"), with_flow=False)
    example = "to_sequence -> matmul(linear(8), linear(8), transposed=true)"
    synonyms = Synonyms(
        torch=("bmm", "mm", "baddbmm", "einsum"), keras=("Dot", "dot"), others=("dot_product",)
    )

    def infer(self, *inputs: TensorType) -> TensorType:
        a, b = inputs
        if not isinstance(a, _MATRICES) or not isinstance(b, _MATRICES):
            odd = b if isinstance(a, _MATRICES) else a
            help = "reshape(64, length=1) makes a vector a sequence of one position"
            raise wrong_kind("matmul", odd, _MATRICES, help=help)
        *many, rows, inner = shape(a)
        *others, first, second = shape(b)
        meets, columns = (second, first) if self.transposed else (first, second)
        if type(a) is not type(b) or many != others or inner != meets:
            raise self._misfit(a, b)
        return shaped(type(a), (*many, rows, columns))

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
        """A row of the first and a column of the second."""
        axes = len(shape(inputs[0]))
        many = [Axis(k, OWN) for k in range(axes - 2)]
        row, column, mixed = Axis(axes - 2, OWN), Axis(axes - 1, OWN), Axis(None, MIXED)
        second = (column, mixed) if self.transposed else (mixed, column)
        return (Reads((*many, row, mixed)), Reads((*many, *second), source=1))

    def spelling(self, *inputs: TensorType) -> Spelling:
        turned = ".mT" if self.transposed else ""
        return Spelling(function=f"{{0}} @ {{1}}{turned}", precedence="product")
