"""Fourier transforms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from archdsl.ops.base import Op, Saves, Spelling, Synonyms, Trait
from archdsl.ops.parameters import word
from archdsl.ops.plumbing._kinds import FEATURES, wrong_kind
from archdsl.ops.plumbing._named import AXES, dim, names, place
from archdsl.ops.reads import MIXED, OWN, Axis, Reads

if TYPE_CHECKING:
    from archdsl.types import TensorType


@dataclass(frozen=True)
class Fourier(Op):
    """L×C → L×C: the real part of the discrete Fourier transform over positions and features, which
    mixes both without weights, in time L·C·log(L·C) (FNet, Lee-Thorp et al., 2021). axis=length
    transforms one axis alone; also on vectors, images, volumes and graph nodes.

    Not counted in MACs, as torch.utils.flop_counter counts none. PyTorch: torch.fft.fftn(x).real.

    Errors: an axis that the input lacks; anything but numbers along axes.
    """

    axis: str | None = word(*AXES, default=None)

    traits = frozenset({Trait.MIXES_POSITIONS, Trait.AFFINE})
    example = "linear(64) -> fourier"
    example_data: ClassVar[str] = "series(100, 64)"
    synonyms = Synonyms(others=("fft", "fft2", "fftn", "dft", "fourier_transform"))

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, FEATURES):
            raise wrong_kind("fourier", x, FEATURES)
        self._places(x)
        return x

    def saves(self, *inputs: TensorType) -> Saves:
        return Saves()

    def _places(self, x: TensorType) -> list[int]:
        if self.axis is not None:
            return [place("fourier", self.axis, x)]
        return [k for k, name in enumerate(names(x)) if name]

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        along = self._places(x)
        axes = (Axis(k, MIXED if k in along else OWN) for k in range(len(names(x))))
        return (Reads(tuple(axes)),)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        dims = tuple(dim(at, x) for at in self._places(x))
        along = dims[0] if len(dims) == 1 else dims
        return Spelling(function="torch.fft.fftn({x}, dim={dim}).real", values={"dim": along})
