"""Another shape for the same numbers."""

from __future__ import annotations

from dataclasses import dataclass

from archdsl.ops.base import Construct, Op, OpError, Spelling, Synonyms, Trait
from archdsl.ops.parameters import whole
from archdsl.ops.plumbing._kinds import GRIDS, wrong_kind
from archdsl.ops.reads import Laid, Reads, laid
from archdsl.types import Image, Sequence, TensorType, Vector, Volume, numel, said, shape


@dataclass(frozen=True)
class Reshape(Op):
    """The same numbers in another shape, in the order PyTorch has them: reshape(8, 4, 4) is an
    image C×H×W, with depth= a volume, reshape(8, length=16) a sequence, reshape(128) a vector.

    PyTorch: x.reshape, nn.Unflatten.

    Errors: another number of numbers; sizes that make no kind of tensor.
    """

    channels: int = whole()
    height: int | None = whole(None)
    width: int | None = whole(None)
    depth: int | None = whole(None)
    length: int | None = whole(None)

    traits = frozenset({Trait.VIEW, Trait.AFFINE})
    example = "flatten -> reshape(12, 16, 16)"
    synonyms = Synonyms(torch=("Unflatten", "view", "unsqueeze", "squeeze"), keras=("Reshape",))
    attribute = "reshape"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, (*GRIDS, Vector)):
            raise wrong_kind("reshape", x, (*GRIDS, Vector))
        out = self._target()
        if numel(out) != numel(x):
            raise OpError(
                f"{said(out)} has {numel(out)} numbers and {said(x)} has {numel(x)}",
                needed=f"sizes with a product of {numel(x)}",
                argument="channels",
            )
        return out

    def _target(self) -> TensorType:
        height, width, depth, length = self.height, self.width, self.depth, self.length
        if height and width and not length:
            if depth:
                return Volume(self.channels, depth, height, width)
            return Image(self.channels, height, width)
        if height or width or depth:
            raise OpError("these sizes make no tensor", needed="height and width, or length alone")
        return Sequence(length, self.channels) if length else Vector(self.channels)

    def reads(self, *inputs: TensorType) -> tuple[Reads | Laid, ...]:
        return (laid(inputs[0]),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        sizes = shape(self._target())
        names = [f"size{axis}" for axis in range(1, len(sizes) + 1)]
        given = ", ".join(f"{{{name}}}" for name in names)
        unflatten = {"dim": 1, "unflattened_size": sizes}
        fits = isinstance(inputs[0], Vector) and len(sizes) > 1
        return Spelling(
            module=Construct("nn.Unflatten", unflatten, positional=2) if fits else None,
            function=f"{{x}}.reshape(-1, {given})",
            values=dict(zip(names, sizes, strict=True)),
        )
