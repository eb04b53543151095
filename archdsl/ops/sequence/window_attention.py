"""Attention inside the windows of an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from archdsl.ops.attending import Dispersed
from archdsl.ops.base import Construct, DenseLayer, Op, OpError, Saves, Spelling, Trait
from archdsl.ops.parameters import flag, real, whole, word
from archdsl.ops.plumbing._kinds import wrong_kind
from archdsl.ops.reads import MIXED, Along, Reads, Windows, each
from archdsl.ops.sequence._heads import check_heads, packed
from archdsl.ops.sequence._window_text import WindowForm, definition
from archdsl.types import Image, TensorType, spatial

if TYPE_CHECKING:
    from collections.abc import Iterator

_HIDDEN = 512  # features of the MLP of distances


@dataclass(frozen=True)
class WindowAttention(Op):
    """C×H×W → C×H×W: multi-head attention inside windows of size × size positions, with a learned
    bias for each head and distance (Swin, Liu et al., 2021).

    ``shift`` moves the windows down and right, as every other block of Swin does by half a window;
    what is shifted over the border attends to its own side alone. An image is padded to whole
    windows. MACs: the projections and 2·size²·C for each position, the padding counted. Computes
    what torchvision's ShiftedWindowAttention does, on PyTorch's N×C×H×W.

    With ``grid`` a window holds positions that are spread evenly over the whole map instead of
    neighbours (MaxViT, Tu et al., 2022). ``cosine`` compares by cosine with a scale that each head
    learns, and ``distances=mlp`` makes the biases by an MLP of log-distances with ``hidden``
    features (both: Swin v2, Liu et al., 2022). ``scale`` multiplies the products, 1/√(C / heads) by
    default. The MACs of the MLP, once for a batch, are told for a batch of one.

    Errors: heads that do not divide the channels; a shift of a whole window or more, or of a grid;
    scale beside cosine; hidden without an MLP; anything but an image.
    """

    heads: int = whole()
    size: int = whole()
    shift: int = whole(0, minimum=0)
    bias: bool = flag(True)
    grid: bool = flag(False)
    cosine: bool = flag(False)
    distances: str = word("table", "mlp", default="table")
    hidden: int | None = whole(None)
    scale: float | None = real(None)

    traits = frozenset({Trait.WEIGHTED, Trait.ATTENTION, Trait.MIXES_POSITIONS})
    example = "window_attention(4, size=7, shift=3)"
    example_data: ClassVar[str] = "image(32, 28, 28)"
    attribute = "attention"

    def infer(self, *inputs: TensorType) -> TensorType:
        (x,) = inputs
        if not isinstance(x, Image):
            help = "local_attention reads the neighbours in a sequence"
            raise wrong_kind("window_attention", x, (Image,), help=help)
        check_heads(self.heads, x.channels, None)
        if self.shift >= self.size:
            raise _too_far(self.shift, self.size)
        for clash in self._clashes():
            raise clash
        return x

    def _clashes(self) -> Iterator[OpError]:
        """Options that contradict each other, or say nothing."""
        if self.grid and self.shift:
            yield OpError(
                f"shift={self.shift} moves windows of neighbours, and those of a grid are spread",
                needed="a shift, or grid",
                argument="shift",
                replacement="0",
            )
        if self.cosine and self.scale is not None:
            yield OpError(
                "cosine=true learns its scale, so that scale= has nothing to say",
                needed="cosine, or scale",
                argument="scale",
            )
        if self.hidden is not None and self.distances == "table":
            yield OpError(
                "hidden= says something of the MLP of distances, which there is none of",
                needed="distances=mlp beside hidden=",
                argument="hidden",
            )

    def params(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Image)
        told = self._hidden * (3 + self.heads) if self.distances == "mlp" else 0
        told += 0 if told else self._offsets * self.heads
        return 4 * x.channels * (x.channels + self.bias) + told + self.heads * self.cosine

    def macs(self, *inputs: TensorType) -> int:
        (x,) = inputs
        assert isinstance(x, Image)
        per_position = 4 * x.channels**2 + 2 * self.size**2 * x.channels
        once = self._offsets * self._hidden * (2 + self.heads) * (self.distances == "mlp")
        return self._padded(x) * per_position + once

    def saves(self, *inputs: TensorType) -> Saves:
        """The scores too, as the fused kernel gives no gradient to the bias."""
        (x,) = inputs
        assert isinstance(x, Image)
        positions, window = self._padded(x), self.size**2
        whole = positions * x.channels
        kept = 7 * whole + self.heads * positions * window
        fixed, alone = 0 if self.grid else positions * window, 0
        if self.cosine:
            kept += whole + 4 * self.heads * positions  # what has length 1, and lengths
            fixed += 4 * self.heads * (positions // window + 1)
        if positions == window:
            several = self._pinned(whole)
            kept += several - 2 * whole
            alone = 2 * whole - several
        if self.distances == "mlp":
            fixed += 4 * self._offsets * (self._hidden + self.heads)
        return Saves(fixed=fixed, per_sample=4 * kept, alone=4 * alone)

    def _pinned(self, whole: int) -> int:
        """Of a single window the values are copied if there are several heads, and more than one
        sample; else they are a view, which keeps queries and keys as well."""
        if self.heads == 1:
            return 2 * whole
        return 3 * whole if self.cosine else 0

    def dense(self, *inputs: TensorType) -> tuple[DenseLayer, ...]:
        (x,) = inputs
        assert isinstance(x, Image)
        layers = packed(x.channels, self._padded(x))
        if self.distances == "table":
            return layers
        first = DenseLayer(2, self._hidden, self._offsets)
        return (*layers, first, DenseLayer(self._hidden, self.heads, self._offsets))

    def reads(self, *inputs: TensorType) -> tuple[Reads, ...]:
        (x,) = inputs
        return (each(x, [self._along(size) for size in spatial(x)], MIXED),)

    def _along(self, size: int) -> Along:
        if self.grid:
            return Dispersed(self.size)
        return Windows(self.size, self.shift if size > self.size else 0)

    def spelling(self, *inputs: TensorType) -> Spelling:
        (x,) = inputs
        assert isinstance(x, Image)
        mlp = self.distances == "mlp"
        form = definition(WindowForm(self.grid, self.cosine, self.scale is not None, mlp))
        arguments: dict[str, Any] = {"features": x.channels}
        arguments.update(heads=self.heads, size=self.size)
        if self.scale is not None:
            arguments["scale"] = self.scale
        if self.shift:
            arguments["shift"] = self.shift
        if self._hidden != _HIDDEN:
            arguments["hidden"] = self.hidden
        if not self.bias:
            arguments["bias"] = False
        construct = Construct(form.name, arguments, positional=1)
        return Spelling(module=construct, definitions=(form,))

    @property
    def _hidden(self) -> int:
        return self.hidden or _HIDDEN

    @property
    def _offsets(self) -> int:
        """How many offsets there are inside a window."""
        return (2 * self.size - 1) ** 2

    def _padded(self, x: Image) -> int:
        """Positions in whole windows."""
        size = self.size
        return -(-x.height // size) * -(-x.width // size) * size * size


def _too_far(shift: int, size: int) -> OpError:
    return OpError(
        f"shift={shift} moves windows of {size} by {'more than one' if shift > size else 'one'}",
        needed=f"a shift below {size}; half a window is usual",
        argument="shift",
        replacement=str(size // 2),
    )
