"""Two axes swapped."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Op, OpError, Spelling, Synonyms, Trait, declare
from archdsl.ops.parameters import word
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.plumbing._named import AXES, names, place, shaped
from archdsl.ops.reads import Laid, Reads, laid
from archdsl.types import Image, Sequence, TensorType, Volume, shape, spatial

_TURNED = (Sequence, Image, Volume)


@dataclass(frozen=True)
class Transpose(Op):
    """L×C → C×L: positions become features, so that a linear mixes positions (Tolstikhin et al.
    2021, the MLP-Mixer). Named, any two axes of a sequence, an image or a volume are swapped:
    transpose(height, width), transpose(channels, height). PyTorch: x.transpose(1, 2).

    Errors: an image or a volume without two axes; an axis that the input lacks; one axis twice.
    """

    first: str | None = word(*AXES, default=None)
    second: str | None = word(*AXES, default=None)

    traits = frozenset({Trait.VIEW, Trait.MIXES_POSITIONS, Trait.AFFINE})
    example = "to_sequence -> transpose"
    synonyms = Synonyms(torch=("swapaxes", "t", "permute", "movedim"), keras=("Permute",))

    def __post_init__(self) -> None:
        named = {self.first, self.second}
        if None not in named and not named & {"channels", "features"}:
            declare(self, traits=frozenset({Trait.VIEW, Trait.AFFINE}))

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, _TURNED):
            raise wrong_kind("transpose", x, _TURNED)
        one, other = self._places(x)
        sizes = list(shape(x))
        sizes[one], sizes[other] = sizes[other], sizes[one]
        return shaped(type(x), sizes)

    def _places(self, x: TensorType) -> tuple[int, int]:
        """The two axes, in order."""
        if self.first is None and self.second is None and isinstance(x, Sequence):
            return (0, 1)
        if self.first is None or self.second is None:
            raise _unnamed(x)
        one, other = (place("transpose", axis, x) for axis in (self.first, self.second))
        if one == other:
            raise OpError(
                f"{self.first} and {self.second} are one axis",
                needed="two axes",
                help="leave it out: swapped with itself an axis stays as it is",
                argument="second",
            )
        return (min(one, other), max(one, other))

    def reads(self, *inputs: TensorType) -> tuple[Reads | Laid, ...]:
        (x,) = inputs
        one, other = self._places(x)
        order = list(range(len(names(x))))
        order[one], order[other] = other, one
        return (laid(x, order=tuple(order)),)

    def window(self, *inputs: TensorType) -> tuple[int, int] | None:
        """A position of the result holds a feature of all positions, if features become them."""
        (x,) = inputs
        one, other = self._places(x)
        at = names(x).index("channels")
        if at not in (one, other):
            return None
        along = one if at == other else other
        return (spatial(x)[along - (0 if isinstance(x, Sequence) else 1)], 1)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        one, other = self._places(x)
        values = {"first": one + 1, "second": other + 1}
        return Spelling(function="{x}.transpose({first}, {second})", values=values)


def _unnamed(x: TensorType) -> OpError:
    axes = " and ".join((", ".join(names(x)[:-1]), names(x)[-1]))
    return OpError(
        f"transpose is to be told which two of {axes} it swaps",
        needed="two axes",
        help=f"transpose({names(x)[-2]}, {names(x)[-1]})",
    )
